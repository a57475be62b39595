import { unacceptable } from '../evaluation.ts';
import { type Intrinsic, isListOf, isText, mayBeList } from './intrinsic.ts';
import { joinTexts } from './texts.ts';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-join.html (2026-11-20). */
export const JOIN: Intrinsic = {
  misuse: (argument) =>
    isListOf(argument, 2) && isText(argument[0]) && mayBeList(argument[1])
      ? undefined
      : 'a delimiter and a list: [text, [values]]',
  resolve: (argument, evaluation) => {
    const [delimiter, given] = argument as readonly [string, unknown];
    const list = evaluation.resolve(given);
    if (Array.isArray(list)) return joinTexts(list, delimiter, evaluation);
    return isText(list) ? joinTexts([list], delimiter, evaluation) : unacceptable(evaluation, 'joined from no list');
  },
};

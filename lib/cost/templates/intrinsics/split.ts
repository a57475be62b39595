import { unacceptable } from '../evaluation.ts';
import { type Intrinsic, isListOf, isText, mayBeText } from './intrinsic.ts';
import { textOf } from './texts.ts';

/**
 * The parts of a text. What stands for a value that is not known is never split: the text then has at least these
 * parts, and which of them is which is known only before the first such value.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-split.html (2026-11-20).
 */
export const SPLIT: Intrinsic = {
  misuse: (argument) =>
    isListOf(argument, 2) && isText(argument[0]) && argument[0] !== '' && mayBeText(argument[1])
      ? undefined
      : 'a delimiter and a text: [text, text]',
  resolve: (argument, evaluation) => {
    const [delimiter, given] = argument as readonly [string, unknown];
    const text = textOf(evaluation.resolve(given));
    if (text === undefined) return unacceptable(evaluation, 'split from what is not a text');
    const pieces = text.split(delimiter);
    const { placeholders } = evaluation.app;
    const isCertain = placeholders.meaningsIn(text).every(({ kind }) => kind === 'account');
    return isCertain ? pieces : placeholders.mark(`pieces ${JSON.stringify(pieces)}`, { kind: 'pieces', pieces });
  },
};

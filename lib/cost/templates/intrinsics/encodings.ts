import { LONGEST_TEXT, unacceptable } from '../evaluation.ts';
import { hasPlaceholder } from '../placeholders.ts';
import { type Intrinsic, mayBeText } from './intrinsic.ts';
import { textOf } from './texts.ts';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-base64.html (2026-11-20). */
export const BASE64: Intrinsic = {
  misuse: (argument) => (mayBeText(argument) ? undefined : 'a text'),
  resolve: (argument, evaluation) => {
    const text = textOf(evaluation.resolve(argument));
    if (text === undefined) return unacceptable(evaluation, 'encoded from what is not a text');
    if (!hasPlaceholder(text)) return base64Of(text);
    return evaluation.unknown(`base64 ${text}`, 'deployment', 'encoded from what a deployment decides');
  },
};

function base64Of(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  return btoa(bytes.map((byte) => String.fromCharCode(byte)).join(''));
}

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-ToJsonString.html (2026-11-20). */
export const TO_JSON_STRING: Intrinsic = {
  misuse: (argument) => (typeof argument === 'object' && argument !== null ? undefined : 'an object or a list'),
  resolve: (argument, evaluation) => {
    const text = JSON.stringify(evaluation.resolve(argument)) ?? '';
    return text.length > LONGEST_TEXT
      ? unacceptable(evaluation, `a text of more than ${LONGEST_TEXT} characters`)
      : text;
  },
};

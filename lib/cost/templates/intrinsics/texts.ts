import { type Evaluation, LONGEST_TEXT, unacceptable } from '../evaluation.ts';
import { isScalar } from './intrinsic.ts';

/** Joins texts, numbers and booleans; what is absent is left out. */
export function joinTexts(parts: readonly unknown[], delimiter: string, evaluation: Evaluation): string {
  const present = parts.filter((part) => part !== undefined && part !== null);
  if (!present.every(isScalar)) return unacceptable(evaluation, 'joined from parts that are not texts');
  const texts = present.map((part) => joinedPieces(String(part), delimiter, evaluation));
  const length = texts.reduce((total, text) => total + text.length + delimiter.length, 0);
  return length > LONGEST_TEXT
    ? unacceptable(evaluation, `a text of more than ${LONGEST_TEXT} characters`)
    : texts.join(delimiter);
}

/** A text that was split and is joined again, or any other text as it is. */
function joinedPieces(text: string, delimiter: string, { app }: Evaluation): string {
  const meaning = app.placeholders.meaningOf(text);
  return meaning?.kind === 'pieces' ? meaning.pieces.join(delimiter) : text;
}

/** The text of a resolved scalar; undefined for lists, objects and what is absent. */
export const textOf = (value: unknown): string | undefined => (isScalar(value) ? String(value) : undefined);

import type { Dialect } from './dialect.ts';

/** Longer values are cut where a reason quotes them. */
const QUOTED_CHARACTERS = 40;

/** The text that a column had in the file. */
export const rawText = (name: string, dialect: Dialect): string => dialect.identifier(`_text_${name}`);

/** Why a row is quarantined for the text of a column, with the text: `delay: not an integer: "x"`. */
export function quotedReason(name: string, problem: string, dialect: Dialect): string {
  const text = rawText(name, dialect);
  const shown = `SUBSTRING(${dialect.printable(text)}, 1, ${QUOTED_CHARACTERS})`;
  const cut = `CASE WHEN LENGTH(${text}) > ${QUOTED_CHARACTERS} THEN ${dialect.textLiteral('…')} ELSE '' END`;
  return `CONCAT(${dialect.textLiteral(`${name}: ${problem}: "`)}, ${shown}, ${cut}, '"')`;
}

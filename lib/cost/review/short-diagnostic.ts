import type { Diagnostic } from '../../errors/diagnostic.ts';

/** Longer texts quote a template at length: their middle is left out. */
const LONGEST = 500;
const KEPT_OF_END = 80;

/** A diagnostic as it is shown, whatever it quotes. */
export const shortDiagnostic = (diagnostic: Diagnostic): Diagnostic => ({
  ...diagnostic,
  at: shortText(diagnostic.at),
  message: shortText(diagnostic.message),
  fix: shortText(diagnostic.fix),
});

function shortText(text: string): string {
  if (text.length <= LONGEST) return text;
  const separator = ' … ';
  const start = text.slice(0, LONGEST - KEPT_OF_END - separator.length);
  return `${start}${separator}${text.slice(-KEPT_OF_END)}`.toWellFormed();
}

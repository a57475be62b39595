/** Alignment of one column. */
export type Alignment = 'left' | 'right';

/** Rows as aligned columns, two spaces apart, without trailing spaces; the first row is the heading. */
export function renderTable(rows: readonly (readonly string[])[], alignments: readonly Alignment[] = []): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(widest[index] ?? 0, cell.length)),
    [],
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => pad(cell, widths[index] ?? 0, alignments[index] ?? 'left'))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

/** Label and value pairs, values aligned: the body of a summary. */
export function renderFields(fields: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...fields.map(([label]) => label.length));
  return fields.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`.trimEnd()).join('\n');
}

function pad(cell: string, width: number, alignment: Alignment): string {
  return alignment === 'left' ? cell.padEnd(width) : cell.padStart(width);
}

/** Whole numbers with thin groups of three: `3,000,000`. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

/** Seconds as people read them: `0.4 s`, `12.3 s`, `2 min 05 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

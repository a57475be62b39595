export type Alignment = 'left' | 'right';

/** A GitHub table whose source is aligned too; the first row is the heading. */
export function markdownTable(cells: readonly (readonly string[])[], alignments: readonly Alignment[]): string {
  const rows = cells.map((row) => row.map((cell) => cell.replaceAll(/(?<!\\)\|/g, '\\|')));
  const widths = alignments.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const rule = alignments.map((alignment, column) => {
    const dashes = '-'.repeat(Math.max(2, (widths[column] ?? 3) - 1));
    return alignment === 'right' ? `${dashes}:` : `-${dashes}`;
  });
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => pad(cell, widths[column] ?? 0, alignments[column] ?? 'left')).join(' | ')} |`;
  const [heading = [], ...body] = rows;
  return [line(heading), line(rule), ...body.map(line)].join('\n');
}

const pad = (cell: string, width: number, alignment: Alignment): string =>
  alignment === 'left' ? cell.padEnd(width) : cell.padStart(width);

/** Text from a template in Markdown: nothing in it formats, links or ends a cell. */
export function plainText(text: string): string {
  return oneLine(text).replaceAll(/[\\`*<>[\]|~]/g, '\\$&');
}

/** A path or name as code, whatever characters are in it. */
export function inlineCode(text: string): string {
  const line = oneLine(text);
  const fence = '`'.repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)));
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

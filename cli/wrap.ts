/** Words of a text after a prefix, in lines of at most `columns`; those after the first begin with `indent` spaces. */
export function hang(prefix: string, text: string, { indent, columns }: { indent: number; columns: number }): string {
  const width = Math.max(columns, indent + 30);
  const lines: string[] = [];
  let line = prefix;
  let isBegun = false;
  for (const word of text.split(' ')) {
    if (isBegun && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${' '.repeat(indent)}${word}`;
    } else {
      line = isBegun ? `${line} ${word}` : `${line}${word}`;
    }
    isBegun = true;
  }
  return [...lines, line].join('\n');
}

/** Text of a template cannot move the cursor: control characters but line ends are shown as `?`. */
export const withoutControls = (text: string): string => text.replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, '?');

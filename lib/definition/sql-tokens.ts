import { UserError } from '../errors/user-error.ts';

export interface SqlToken {
  /** Words are in lower case, as SQL reads them; quoted names and texts are as they were written. */
  readonly kind: 'word' | 'quoted' | 'number' | 'text' | 'symbol';
  readonly text: string;
  /** Characters before it. */
  readonly at: number;
}

const TOKEN =
  /\s*(?:(?<word>[A-Za-z_][A-Za-z0-9_]*)|"(?<quoted>[^"]+)"|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|'(?<text>(?:[^']|'')*)'|(?<symbol><=|>=|<>|[-+*/%=<>(),]))/y;
const COMMENTS = ['--', '/*'];

/**
 * The tokens of a SQL expression. Semicolons, comments, casts, placeholders and whatever else is no token of it are
 * refused here, before anything is understood.
 * @throws UserError invalid-sql
 */
export function tokensOf(text: string): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    const at = from + (text.slice(from).length - text.slice(from).trimStart().length);
    if (match === null || COMMENTS.some((comment) => text.startsWith(comment, at))) throw noToken(text, at);
    const [kind, value = ''] = Object.entries(match.groups ?? {}).find(([, group]) => group !== undefined) ?? [];
    tokens.push({ kind: kind as SqlToken['kind'], text: written(kind, value), at });
  }
  return tokens;
}

function written(kind: string | undefined, value: string): string {
  if (kind === 'word') return value.toLowerCase();
  return kind === 'text' ? value.replaceAll("''", "'") : value;
}

const noToken = (text: string, at: number): UserError =>
  new UserError({
    code: 'invalid-sql',
    message: `sql ${JSON.stringify(text)}: ${JSON.stringify(text.slice(at, at + 10))} at character ${at + 1} is not allowed`,
    resolution:
      "write one expression of columns, numbers, 'texts', + - * / %, comparisons and functions; no comments, no ;",
  });

/** Characters that mean themselves in both engines' patterns, inside and outside of a class. */
const PLAIN = `[A-Za-z0-9 _,:;@#%=!"'<>~/-]`;
const ESCAPED = String.raw`\\[.\\+*?()[\]{}|^$/-]`;
const CLASS = String.raw`\[\^?(?:${PLAIN}|${ESCAPED}|[.+*?()|])+\]`;
const QUANTIFIER = String.raw`(?:[*+?]|\{[0-9]{1,2}(?:,[0-9]{0,2})?\})`;
const ATOM = String.raw`(?:${PLAIN}|${ESCAPED}|${CLASS}|\.)`;

const TOKEN = new RegExp(String.raw`^(?:${ATOM}${QUANTIFIER}?|\(|\)[*+?]?|\|)`);

/**
 * Whether a pattern keeps to what RE2 (DuckDB) and Java (Spark) read alike: plain and escaped characters, classes,
 * groups, alternatives and greedy quantifiers. No anchors (the whole text is matched), look-around, back references or
 * classes such as `\d`; no counted groups, whose repetitions multiply.
 */
export function isPortablePattern(pattern: string): boolean {
  let rest = pattern;
  let depth = 0;
  while (rest !== '') {
    const token = TOKEN.exec(rest)?.[0];
    if (token === undefined) return false;
    depth += token === '(' ? 1 : token.startsWith(')') ? -1 : 0;
    if (depth < 0) return false;
    rest = rest.slice(token.length);
  }
  return depth === 0 && pattern !== '' && compiles(pattern);
}

function compiles(pattern: string): boolean {
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

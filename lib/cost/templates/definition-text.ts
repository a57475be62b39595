import { isUnresolved, unresolved } from '../unresolved.ts';
import { type Evaluation, LONGEST_TEXT } from './evaluation.ts';
import { hasPlaceholder } from './placeholders.ts';
import { settlePart, settleWhole } from './settle.ts';

/** Marks a text that stood in JSON without quotes: a number or more, if only it were known. */
const BARE = '\uE002';

const DYNAMIC_REFERENCE = /\{\{resolve:[^}]*\}\}/g;
const TEXT_OR_BARE = /"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|$)|[^\s"{}[\],:]+/g;

/** An object as the text that Step Functions gets, in which a whole value that is not known stays a whole value. */
export function textOfDefinition(definition: unknown, { app }: Evaluation): string {
  return JSON.stringify(definition, (_, value: unknown) => {
    const kind = app.placeholders.meaningOf(value)?.kind;
    return kind === 'range' || kind === 'pieces' ? `${BARE}${String(value)}` : value;
  });
}

/**
 * Puts in the substitutions of a definition, as Step Functions does: into the text, whatever is there, until none of
 * the names is left; other `${…}` stay. Undefined where that never ends.
 * Source: DefinitionProcessor of https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-stepfunctions (2026-11-21).
 */
export function substitute(text: string, values: ReadonlyMap<string, string>): string | undefined {
  let current = text;
  for (let round = 0; round <= values.size; round += 1) {
    const next = current.replaceAll(/\$\{([^}]*)\}/g, (whole, name: string) => values.get(name) ?? whole);
    if (next === current) return current;
    if (next.length > LONGEST_TEXT) return undefined;
    current = next;
  }
  return undefined;
}

/** The text with placeholders for its dynamic references. */
export const markDynamicReferences = (text: string, evaluation: Evaluation): string =>
  text.replaceAll(DYNAMIC_REFERENCE, (reference) => dynamicReference(reference, evaluation));

/**
 * The text with markers for its placeholders, where they are references and nothing else; undefined otherwise. Most
 * definitions are such, and need not be gone through text by text.
 */
export function writeReferences(text: string, { app }: Evaluation): string | undefined {
  let isKnown = true;
  const written = app.placeholders.render(text, (meaning) => {
    if (meaning.kind === 'reference') return JSON.stringify(`@{${meaning.address}}`).slice(1, -1);
    isKnown = false;
    return '';
  });
  return isKnown ? written : undefined;
}

/** Makes JSON of a text in which placeholders stand without quotes. */
export function quoteBare(text: string): string {
  if (!hasPlaceholder(text)) return text;
  return text.replaceAll(TEXT_OR_BARE, (token) =>
    token.startsWith('"') || !hasPlaceholder(token) ? token : JSON.stringify(BARE + token),
  );
}

function dynamicReference(reference: string, evaluation: Evaluation): string {
  const shown = evaluation.app.shown(reference);
  return evaluation.unknown(`dynamic ${reference}`, 'deployment', `decided by the dynamic reference ${shown}`);
}

/** What a text of a parsed definition is: in quotes a text, without them the value that stands there. */
export function settleDefinitionText(text: string, evaluation: Evaluation): unknown {
  if (!text.startsWith(BARE)) return settlePart(text, evaluation);
  const bare = text.slice(BARE.length);
  if (evaluation.app.placeholders.meaningOf(bare) !== undefined) return settleWhole(bare, evaluation);
  const settled = settlePart(bare, evaluation);
  return isUnresolved(settled) ? settled : unresolved('deployment', 'put together at deployment');
}

import type { Draft } from './draft.ts';
import type { RawScope } from './states-language.ts';

/** A reference inside a generated definition, alone in a text or in the middle of one. */
const TOKEN = /«(Ref|Arn):([\w:]+)»|"«If:(\w+):(\d+):(\d+)»"/g;

/** Adds a state machine whose definition is given in any of the forms that CloudFormation has. */
export function addMachine(draft: Draft, definition: RawScope, id = draft.fresh('Machine')): string {
  const form = draft.chance.pick(joined, substituted, named, object, replaced);
  return draft.add(id, 'AWS::StepFunctions::StateMachine', {
    RoleArn: 'arn:aws:iam::123456789012:role/machine',
    ...form(definition),
  });
}

const intrinsicOf = (kind: string | undefined, name: string): object =>
  kind === 'Arn' ? { 'Fn::GetAtt': [name, 'Arn'] } : { Ref: name };

/** The text cut at its tokens: texts and intrinsics in turn. */
function partsOf(text: string, numbers: 'texts' | 'numbers'): readonly unknown[] {
  const parts: unknown[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, kind, name, condition, one, other] = match;
    parts.push(text.slice(end, match.index));
    const decided = numbers === 'texts' ? [one, other] : [Number(one), Number(other)];
    parts.push(condition === undefined ? intrinsicOf(kind, name ?? '') : { 'Fn::If': [condition, ...decided] });
    end = match.index + token.length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== '');
}

/** As CDK writes it. */
const joined = (definition: RawScope): object => ({
  DefinitionString: { 'Fn::Join': ['', partsOf(JSON.stringify(definition), 'texts')] },
});

/** References inside one `Fn::Sub`. */
const substituted = (definition: RawScope): object => {
  const names: Record<string, unknown> = {};
  const text = JSON.stringify(definition).replaceAll(TOKEN, (_, kind, name, condition, one, other) => {
    if (condition === undefined) return kind === 'Arn' ? `\${${name}.Arn}` : `\${${name}}`;
    const place = `Number${Object.keys(names).length}`;
    names[place] = { 'Fn::If': [condition, one, other] };
    return `\${${place}}`;
  });
  return { DefinitionString: { 'Fn::Sub': Object.keys(names).length === 0 ? text : [text, names] } };
};

/** A plain text with `DefinitionSubstitutions`. */
const replaced = (definition: RawScope): object => {
  const substitutions: Record<string, unknown> = {};
  const parts = partsOf(JSON.stringify(definition), 'texts').map((part) => {
    if (typeof part === 'string') return part;
    const place = `Place${Object.keys(substitutions).length}`;
    substitutions[place] = part;
    return `\${${place}}`;
  });
  return { DefinitionString: parts.join(''), DefinitionSubstitutions: substitutions };
};

/** An object, with intrinsics where it has references. */
const object = (definition: RawScope): object => ({ Definition: withIntrinsics(definition) });

/** An object with `DefinitionSubstitutions`. */
const named = (definition: RawScope): object => {
  const { DefinitionString: text, DefinitionSubstitutions: substitutions } = replaced(keepNumbers(definition)) as {
    readonly DefinitionString: string;
    readonly DefinitionSubstitutions: object;
  };
  return { Definition: JSON.parse(text), DefinitionSubstitutions: substitutions };
};

/** Substitutions in an object are texts; a number that a condition decides takes its first value. */
const keepNumbers = (definition: RawScope): RawScope =>
  JSON.parse(JSON.stringify(definition).replaceAll(/"«If:\w+:(\d+):\d+»"/g, '$1')) as RawScope;

function withIntrinsics(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIntrinsics);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, withIntrinsics(item)]));
  }
  if (typeof value !== 'string') return value;
  const condition = /^«If:(\w+):(\d+):(\d+)»$/.exec(value);
  if (condition !== null) return { 'Fn::If': [condition[1], Number(condition[2]), Number(condition[3])] };
  const parts = partsOf(value, 'numbers');
  return parts.length <= 1 ? (parts[0] ?? '') : { 'Fn::Join': ['', parts] };
}

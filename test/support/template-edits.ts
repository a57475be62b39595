/** A synthesized stack as plain JSON that a test may change. */
export interface EditableStack {
  readonly stack: string;
  readonly template: Editable;
}

/** JSON to change in place. */
// biome-ignore lint/suspicious/noExplicitAny: templates are edited, not typed
export type Editable = any;

/** In the place of an intrinsic inside a definition's text. */
const TOKEN = /«(\d+)»/;

export const editableStacks = (
  stacks: readonly { readonly name: string; readonly template: unknown }[],
): readonly EditableStack[] =>
  stacks.map(({ name, template }) => ({ stack: name, template: JSON.parse(JSON.stringify(template)) }));

/**
 * Changes what a path of an analysis names: `stack/LogicalId.Properties.Timeout`, or inside the machine
 * `stack/LogicalId.States.Train.Arguments.Timeout`. `edit` is given the object (or list) that has the last name, and the name.
 */
export function editAt(
  stacks: readonly EditableStack[],
  path: string,
  edit: (parent: Editable, name: string) => void,
): void {
  const { resource, rest } = locate(stacks, path);
  if (!rest.startsWith('States.')) {
    walk(resource, rest, edit);
    return;
  }
  editDefinition(resource, (definition) => walk(definition, rest, edit));
}

/** Changes the definition of a state machine that is one `Fn::Join`, as CDK writes it. */
export function editDefinition(machine: Editable, edit: (definition: Editable) => void): void {
  const given = machine.Properties.DefinitionString;
  const parts: readonly unknown[] = typeof given === 'string' ? [given] : given['Fn::Join'][1];
  const intrinsics = parts.filter((part) => typeof part !== 'string');
  let place = -1;
  const text = parts
    .map((part) => {
      if (typeof part === 'string') return part;
      place += 1;
      return `«${place}»`;
    })
    .join('');
  const definition: Editable = JSON.parse(text);
  edit(definition);
  const edited = JSON.stringify(definition)
    .split(TOKEN)
    .map((part, index) => (index % 2 === 0 ? part : intrinsics[Number(part)]));
  machine.Properties.DefinitionString = { 'Fn::Join': ['', edited] };
}

/** The resource of a path, and what the path says of it. */
export function locate(
  stacks: readonly EditableStack[],
  path: string,
): { readonly resource: Editable; readonly template: Editable; readonly rest: string } {
  const [, stack, id = '', rest = ''] = /^([^/]+)\/([^.]+)(?:\.(.*))?$/.exec(path) ?? [];
  const template = stacks.find((candidate) => candidate.stack === stack)?.template;
  const resource = template?.Resources[id];
  if (resource === undefined) throw new Error(`there is no resource ${path}`);
  return { resource, template, rest };
}

/** Follows a path; names of states may have spaces, dots they have none. */
function walk(root: Editable, path: string, edit: (parent: Editable, name: string) => void): void {
  const names = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  const last = names.pop() ?? '';
  let parent = root;
  for (const name of names) {
    parent = parent[name];
    if (parent === undefined) throw new Error(`there is no ${name} in ${path}`);
  }
  edit(parent, last);
}

import { isObject } from '../json-object.ts';
import type { Name } from './intrinsics/intrinsic.ts';
import type { Problems } from './problems.ts';
import { isPseudoParameter } from './pseudo-parameters.ts';
import type { Stack } from './stack.ts';

/** Where names are used: conditions are decided before there are resources. */
export type Section = 'resources' | 'conditions';

/** Reports a name that nothing in the stack has. */
export function checkName(name: Name, at: string, { stack, section, problems }: NameCheck): void {
  const missing = missingName(name, stack, section);
  if (missing === undefined) return;
  problems.add('unknown-reference', {
    at,
    message: `refers to ${missing}`,
    fix: 'correct the name, or add what it names',
  });
}

export interface NameCheck {
  readonly stack: Stack;
  readonly section: Section;
  readonly problems: Problems;
}

function missingName(name: Name, stack: Stack, section: Section): string | undefined {
  switch (name.kind) {
    case 'value':
      if (stack.parameters.has(name.name) || isPseudoParameter(name.name)) return undefined;
      return missingResource(name.name, 'resource or parameter', stack, section);
    case 'attribute':
      return missingResource(name.resource, 'resource', stack, section);
    case 'condition':
      return stack.conditions.has(name.name)
        ? undefined
        : `the condition '${name.name}', which ${stack.name} does not have`;
    case 'mapping':
      return missingKey(name.name, name.keys, stack);
  }
}

function missingResource(name: string, what: string, stack: Stack, section: Section): string | undefined {
  if (!stack.logicalIds.has(name)) return `the ${what} '${name}', which ${stack.name} does not have`;
  return section === 'conditions'
    ? `the resource '${name}', which is not there yet when conditions are decided`
    : undefined;
}

function missingKey(name: string, keys: readonly string[], stack: Stack): string | undefined {
  let level: unknown = stack.mappings.get(name);
  if (level === undefined) return `the mapping '${name}', which ${stack.name} does not have`;
  for (const key of keys) {
    if (!isObject(level)) return undefined;
    if (!Object.hasOwn(level, key)) return `the key '${key}', which the mapping '${name}' does not have`;
    level = level[key];
  }
  return undefined;
}

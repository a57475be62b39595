import { relative, resolve, sep } from 'node:path';
import type { SourcePlace } from '../../lib/cost/review/review-sarif.ts';
import type { StackFile } from './stack-files.ts';

/** What is in no file is shown at the app. */
const APP_FILE = 'cdk.json';

/**
 * Where the property at a path is, as code scanning wants it: the template's file, named from the folder that the
 * command runs in, with the line of the resource. What is in no file is at the first template.
 */
export function placeFinder(directory: string, stacks: readonly StackFile[]): (at: string) => SourcePlace {
  const named = new Map(stacks.map((file) => [file.stack, file]));
  const placeIn = (path: string, line = 1): SourcePlace => ({
    file: relative(directory, resolve(directory, path)).replaceAll(sep, '/'),
    line,
  });
  return (at) => {
    const [, stack = '', logicalId] = /^([^/]+)\/([A-Za-z0-9]+)/.exec(at) ?? [];
    const template = named.get(stack);
    if (template !== undefined) return placeIn(template.path, lineOf(logicalId, template.text));
    const [, file] = /^([^:]*?\.json)(?:\.|$)/.exec(at) ?? [];
    return placeIn(file ?? stacks[0]?.path ?? APP_FILE);
  };
}

/** The line, from 1, of the first key of that name; the first line where there is none. */
function lineOf(logicalId: string | undefined, text: string): number {
  const index = logicalId === undefined ? -1 : text.search(new RegExp(`"${logicalId}"\\s*:`));
  return index < 0 ? 1 : text.slice(0, index).split('\n').length;
}

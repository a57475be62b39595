import { resolve, sep } from 'node:path';
import type { SourcePlace } from '../../lib/cost/review/review-sarif.ts';
import type { StackFile } from './stack-files.ts';

/**
 * Where the property at a path is, as code scanning wants it: the template's file, named from the folder that the
 * command runs in, with the line of the resource; a file that was named itself has no line. Undefined for what is in no
 * file below that folder.
 */
export function placeFinder(directory: string, stacks: readonly StackFile[]): (at: string) => SourcePlace | undefined {
  const named = new Map(stacks.map((file) => [file.stack, file]));
  return (at) => {
    const [, stack = '', logicalId] = /^([^/]+)\/([A-Za-z0-9]+)/.exec(at) ?? [];
    const template = named.get(stack);
    if (template === undefined) return /\.json$/.test(at) ? below(directory, at, undefined) : undefined;
    const line = logicalId === undefined ? undefined : lineOf(`"${logicalId}"`, template.text);
    return below(directory, template.path, line);
  };
}

function below(directory: string, path: string, line: number | undefined): SourcePlace | undefined {
  const [root, file] = [resolve(directory) + sep, resolve(directory, path)];
  return file.startsWith(root) ? { file: file.slice(root.length).replaceAll(sep, '/'), line } : undefined;
}

/** The line, from 1, of the first key of that name; undefined where there is none. */
function lineOf(quoted: string, text: string): number | undefined {
  const index = text.search(new RegExp(`${quoted}\\s*:`));
  return index < 0 ? undefined : text.slice(0, index).split('\n').length;
}

import type { Placeholders } from './placeholders.ts';
import type { Stack } from './stack.ts';

/** Where an export is declared. */
export interface ExportedOutput {
  readonly stack: Stack;
  readonly output: string;
}

/** The stacks that are read together. */
export interface App {
  readonly stacks: ReadonlyMap<string, Stack>;
  readonly region: string;
  readonly placeholders: Placeholders;
  /** The outputs that are exported by a name, as it was resolved. */
  readonly exportsNamed: (name: string) => readonly ExportedOutput[];
  /** A resolved text as people read it. */
  readonly shown: (text: string) => string;
}

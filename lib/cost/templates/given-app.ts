import { isObject, objectIn } from '../json-object.ts';
import type { App, ExportedOutput } from './app.ts';
import { chooseNothing } from './choices.ts';
import { textOf } from './intrinsics/texts.ts';
import { Placeholders } from './placeholders.ts';
import { rendered } from './settle.ts';
import type { Stack } from './stack.ts';
import { TemplateEvaluation } from './template-evaluation.ts';

/** The stacks that were given, with what they export to each other. */
export class GivenApp implements App {
  readonly stacks: ReadonlyMap<string, Stack>;
  readonly region: string;
  readonly placeholders = new Placeholders();
  #exports: ReadonlyMap<string, readonly ExportedOutput[]> | undefined;

  constructor(stacks: readonly Stack[], region: string) {
    this.stacks = new Map(stacks.map((stack) => [stack.name, stack]));
    this.region = region;
  }

  exportsNamed(name: string): readonly ExportedOutput[] {
    if (this.#exports === undefined) {
      // Names of exports cannot depend on imports: while they are looked up, there are none.
      this.#exports = new Map();
      this.#exports = Map.groupBy(this.#exportedOutputs(), ({ exported }) => exported);
    }
    return this.#exports.get(name) ?? [];
  }

  shown(text: string): string {
    return this.placeholders.render(text, (meaning) => rendered(meaning) ?? '…').slice(0, 120);
  }

  #exportedOutputs(): readonly (ExportedOutput & { readonly exported: string })[] {
    return [...this.stacks.values()].flatMap((stack) => {
      const evaluation = new TemplateEvaluation(this, stack, chooseNothing);
      return [...stack.outputs].flatMap(([output, written]) => {
        if (!isObject(written['Export'])) return [];
        const exported = textOf(evaluation.resolve(objectIn(written, 'Export')['Name']));
        return exported === undefined ? [] : [{ stack, output, exported }];
      });
    });
  }
}

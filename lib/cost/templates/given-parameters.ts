import type { Problems } from './problems.ts';

/** How many names a message lists. */
const LISTED = 10;

/** Values that a review was given for parameters, by `name` or `stack/name`; the longer name wins. */
export class GivenParameters {
  readonly #values: ReadonlyMap<string, string>;
  readonly #declared = new Set<string>();

  constructor(values: Readonly<Record<string, string>>) {
    this.#values = new Map(Object.entries(values));
  }

  valueOf(stack: string, name: string): string | undefined {
    const address = `${stack}/${name}`;
    this.#declared.add(name).add(address);
    return this.#values.get(address) ?? this.#values.get(name);
  }

  /** Reports values of parameters that no stack has. */
  reportUnknown(problems: Problems): void {
    const declared = [...this.#declared].filter((name) => name.includes('/')).slice(0, LISTED);
    const fix = declared.length === 0 ? 'leave it out' : `name one of ${declared.join(', ')}`;
    for (const name of this.#values.keys()) {
      if (this.#declared.has(name)) continue;
      const message = 'names a parameter that none of the stacks has';
      problems.add('invalid-option', { at: `--parameter ${name}`, message, fix });
    }
  }
}

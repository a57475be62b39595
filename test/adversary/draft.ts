import type { Chance } from './chance.ts';

/** What a case may contain. */
export interface Taste {
  /** How many states in a row, about. */
  readonly size: number;
  /** Loops whose counters do not do what they seem to. */
  readonly hasTraps: boolean;
  /** Limits left to AWS's documented defaults. */
  readonly leavesDefaults: boolean;
  /** Limits computed from counters. */
  readonly usesRanges: boolean;
  /** One condition may decide several limits. */
  readonly sharesConditions: boolean;
}

const MOST_CONDITIONS = 3;

/** A template that grows: resources, and the parameters and conditions that decide some of their limits. */
export class Draft {
  readonly chance: Chance;
  readonly taste: Taste;
  readonly #parameters: Record<string, object> = {};
  readonly #conditions: Record<string, object> = {};
  readonly #resources: Record<string, object> = {};
  #names = 0;
  #open = 0;

  constructor(chance: Chance, taste: Taste) {
    this.chance = chance;
    this.taste = taste;
  }

  /** A name that nothing else has. */
  fresh(stem: string): string {
    this.#names += 1;
    return `${stem}${this.#names}`;
  }

  add(id: string, type: string, properties: object): string {
    this.#resources[id] = { Type: type, Properties: properties };
    return id;
  }

  /** A literal, or what a condition or a parameter decides between two of the values. */
  limit<T extends string | number>(...values: readonly [T, ...T[]]): unknown {
    const { chance } = this;
    const [one, other] = [chance.pick(...values), chance.pick(...values)];
    if (one === other || !chance.happens(0.15)) return one;
    const condition = this.#condition();
    if (condition !== undefined && chance.happens(0.7)) return { 'Fn::If': [condition, one, other] };
    if (this.#open >= MOST_CONDITIONS) return one;
    this.#open += 1;
    const parameter = this.fresh('Parameter');
    this.#parameters[parameter] = { Type: typeof one === 'number' ? 'Number' : 'String', AllowedValues: [one, other] };
    return { Ref: parameter };
  }

  /** Left out where the case leaves limits to AWS. */
  optional(field: string, value: unknown): object {
    return this.taste.leavesDefaults && this.chance.happens(0.4) ? {} : { [field]: value };
  }

  /** In the place of a number in a definition. */
  decidedNumber(one: number, other: number): unknown {
    const condition = this.chance.happens(0.1) ? this.#condition() : undefined;
    return condition === undefined ? one : `«If:${condition}:${one}:${other}»`;
  }

  template(): object {
    return { Parameters: this.#parameters, Conditions: this.#conditions, Resources: this.#resources };
  }

  #condition(): string | undefined {
    const known = Object.keys(this.#conditions);
    const [first, ...others] = known;
    if (this.taste.sharesConditions && first !== undefined && this.chance.happens(0.4)) {
      return this.chance.pick(first, ...others);
    }
    if (this.#open >= MOST_CONDITIONS) return undefined;
    this.#open += 1;
    const [condition, parameter] = [this.fresh('Condition'), this.fresh('Stage')];
    this.#parameters[parameter] = { Type: 'String' };
    const isProduction = { 'Fn::Equals': [{ Ref: parameter }, 'production'] };
    this.#conditions[condition] = this.chance.happens(0.7) ? isProduction : { 'Fn::Not': [isProduction] };
    return condition;
  }
}

import { isObject } from '../json-object.ts';
import { isUnresolved, reasonOf, type Unresolved, unresolved } from '../unresolved.ts';
import type { App } from './app.ts';
import type { Choose } from './choices.ts';
import { DEEPEST_NESTING, type Evaluation, unacceptable } from './evaluation.ts';
import { intrinsicIn, isScalar } from './intrinsics/intrinsic.ts';
import { CONDITION_FUNCTIONS, INTRINSICS } from './intrinsics/known.ts';
import type { Stack } from './stack.ts';

/** What one evaluation remembers in all its stacks. */
interface Memory {
  depth: number;
  /** Conditions by address; undefined while they are being decided, and where they cannot be. */
  readonly conditions: Map<string, boolean | undefined>;
  readonly outputs: Map<string, unknown>;
}

/** Evaluates values as they are written in a stack. */
export class TemplateEvaluation implements Evaluation {
  readonly app: App;
  readonly stack: Stack;
  readonly choose: Choose;
  readonly #memory: Memory;

  constructor(app: App, stack: Stack, choose: Choose, memory?: Memory) {
    this.app = app;
    this.stack = stack;
    this.choose = choose;
    this.#memory = memory ?? { depth: 0, conditions: new Map(), outputs: new Map() };
  }

  resolve(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (isUnresolved(value)) return this.#known(value);
    if (this.#memory.depth >= DEEPEST_NESTING)
      return unacceptable(this, `nested deeper than ${DEEPEST_NESTING} levels`);
    this.#memory.depth += 1;
    const resolved = this.#resolveInside(value);
    this.#memory.depth -= 1;
    return resolved;
  }

  isTrue(condition: string): boolean | undefined {
    const address = `${this.stack.name}/${condition}`;
    const { conditions } = this.#memory;
    if (!conditions.has(address)) {
      conditions.set(address, undefined);
      conditions.set(address, this.holds(this.stack.conditions.get(condition)));
    }
    return conditions.get(address);
  }

  holds(expression: unknown): boolean | undefined {
    if (!isObject(expression)) return truth(expression);
    if (this.#memory.depth >= DEEPEST_NESTING) return undefined;
    this.#memory.depth += 1;
    const holds = this.#decide(expression);
    this.#memory.depth -= 1;
    return holds;
  }

  outputOf(stack: Stack, name: string): unknown {
    const key = `${stack.name}/Outputs.${name}`;
    const { outputs } = this.#memory;
    if (!outputs.has(key)) {
      outputs.set(key, unacceptable(this, 'an output that refers to itself'));
      const there = new TemplateEvaluation(this.app, stack, this.choose, this.#memory);
      const value = there.resolve(stack.outputs.get(name)?.['Value']);
      outputs.set(key, isScalar(value) ? value : unacceptable(this, 'an output that is not a text'));
    }
    return outputs.get(key);
  }

  unknown(key: string, decidedBy: Unresolved['decidedBy'], reason: string): string {
    return this.app.placeholders.mark(key, { kind: 'unresolved', value: unresolved(decidedBy, reason) });
  }

  #known(value: Unresolved): string {
    return this.app.placeholders.mark(`given ${reasonOf(value)}`, { kind: 'unresolved', value });
  }

  #resolveInside(value: object): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== undefined);
    const call = intrinsicIn(value);
    if (call !== undefined) return this.#call(call.name, call.argument, value);
    const entries = Object.entries(value).map(([name, item]) => [name, this.resolve(item)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  }

  #call(name: string, argument: unknown, whole: object): unknown {
    const intrinsic = INTRINSICS.get(name);
    const isRight = intrinsic?.misuse(argument) === undefined && Object.keys(whole).length === 1;
    if (intrinsic !== undefined && isRight) return intrinsic.resolve(argument, this);
    return unacceptable(this, `written as ${name} in a way that is not known`);
  }

  #decide(expression: Readonly<Record<string, unknown>>): boolean | undefined {
    const { Condition: condition } = expression;
    if (typeof condition === 'string') return this.isTrue(condition);
    const call = intrinsicIn(expression);
    const decider = call === undefined ? undefined : CONDITION_FUNCTIONS.get(call.name);
    if (call === undefined || decider === undefined) return truth(this.resolve(expression));
    return decider.misuse(call.argument) === undefined
      ? decider.decide(call.argument as readonly unknown[], this)
      : undefined;
  }
}

function truth(value: unknown): boolean | undefined {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : undefined;
}

import type { TaskEffect } from '../../lib/asl/execution.ts';
import { isObject, textAt } from '../cloudformation/template.ts';
import type { LambdaFunctions } from '../functions/lambda-functions.ts';

/** Functions that are loaded ahead of the one that runs. */
const AHEAD = 1;

/** Loads functions shortly before they are needed, in the order of the definition, so that loading costs no time. */
export class FunctionWarmer {
  readonly #functions: LambdaFunctions;
  readonly #order: readonly string[];

  /** @param order ARNs, as the machine invokes them */
  constructor(functions: LambdaFunctions, order: readonly string[]) {
    this.#functions = functions;
    this.#order = order;
    this.#warm(0);
  }

  /** Called with each task before it is performed: while a job runs there is time to load what follows. */
  before(task: TaskEffect): void {
    const name = isObject(task.arguments) ? textAt(task.arguments, 'FunctionName') : undefined;
    const index = name === undefined ? -1 : this.#order.indexOf(name);
    if (index >= 0) this.#warm(index);
  }

  #warm(index: number): void {
    for (const arn of this.#order.slice(index, index + 1 + AHEAD)) {
      if (this.#functions.has(arn)) this.#functions.warm(arn);
    }
  }
}

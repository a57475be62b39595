import { must } from '../../../errors/fault.ts';
import { type Evaluation, oneOfTooMany, unacceptable } from '../evaluation.ts';
import type { ParameterValue } from '../parameter-value.ts';
import { isPseudoParameter, pseudoParameter } from '../pseudo-parameters.ts';
import { type Intrinsic, isText } from './intrinsic.ts';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-ref.html (2026-11-20). */
export const REF: Intrinsic = {
  misuse: (argument) => (isText(argument) ? undefined : 'a name, as a text'),
  names: (argument) => [{ kind: 'value', name: String(argument) }],
  resolve: (argument, evaluation) => referenceTo(String(argument), evaluation),
};

/** The value of a parameter, pseudo parameter or resource by its name. */
export function referenceTo(name: string, evaluation: Evaluation): unknown {
  if (isPseudoParameter(name)) return pseudoParameter(name, evaluation);
  const { stack, app } = evaluation;
  const address = `${stack.name}/${name}`;
  const parameter = stack.parameters.get(name);
  if (parameter !== undefined) return parameterIn(evaluation, address, parameter);
  if (stack.logicalIds.has(name)) return app.placeholders.mark(`reference ${address}`, { kind: 'reference', address });
  return unacceptable(evaluation, `a reference to ${address}, which does not exist`);
}

function parameterIn(evaluation: Evaluation, address: string, parameter: ParameterValue): unknown {
  const key = `parameter ${address}`;
  switch (parameter.kind) {
    case 'known':
      return parameter.value;
    case 'closed': {
      const index = evaluation.choose(key, parameter.values.length);
      return index === undefined ? oneOfTooMany(evaluation, key) : must(parameter.values[index], 'an allowed value');
    }
    case 'range':
      return evaluation.app.placeholders.mark(key, { kind: 'range', parameter: address, bounds: parameter.bounds });
    case 'open':
      return evaluation.unknown(key, 'deployment', parameter.reason);
  }
}

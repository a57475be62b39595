import { type Evaluation, unacceptable } from '../evaluation.ts';
import { hasPlaceholder } from '../placeholders.ts';
import { type Intrinsic, isListOf, isText, mayBeText } from './intrinsic.ts';
import { textOf } from './texts.ts';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-getatt.html (2026-11-20). */
export const GET_ATT: Intrinsic = {
  misuse: (argument) =>
    partsOf(argument) === undefined ? 'a resource and its attribute: [LogicalId, Attribute]' : undefined,
  names: (argument) => [{ kind: 'attribute', resource: partsOf(argument)?.resource ?? '' }],
  resolve: (argument, evaluation) => {
    const { resource = '', attribute } = partsOf(argument) ?? {};
    const name = textOf(evaluation.resolve(attribute));
    return name === undefined || hasPlaceholder(name)
      ? unacceptable(evaluation, `an attribute of ${resource} whose name is not a text`)
      : attributeOf(resource, name, evaluation);
  },
};

/** The attribute of a resource, by its logical ID. */
export function attributeOf(logicalId: string, attribute: string, evaluation: Evaluation): string {
  const { app, stack } = evaluation;
  const address = `${stack.name}/${logicalId}.${attribute}`;
  if (stack.logicalIds.has(logicalId)) {
    return app.placeholders.mark(`reference ${address}`, { kind: 'reference', address });
  }
  return unacceptable(evaluation, `an attribute of ${stack.name}/${logicalId}, which does not exist`);
}

/** `"Job.Arn"` is the same as `["Job", "Arn"]`. */
function partsOf(argument: unknown): { readonly resource: string; readonly attribute: unknown } | undefined {
  if (isListOf(argument, 2)) {
    const [resource, attribute] = argument;
    return isText(resource) && mayBeText(attribute) ? { resource, attribute } : undefined;
  }
  const dot = isText(argument) ? argument.indexOf('.') : -1;
  if (!isText(argument) || dot <= 0 || dot === argument.length - 1) return undefined;
  return { resource: argument.slice(0, dot), attribute: argument.slice(dot + 1) };
}

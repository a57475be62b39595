import { isObject } from '../../json-object.ts';
import { type Evaluation, unacceptable } from '../evaluation.ts';
import { type Intrinsic, mayBeText } from './intrinsic.ts';
import { textOf } from './texts.ts';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-importvalue.html (2026-11-20). */
export const IMPORT_VALUE: Intrinsic = {
  misuse: (argument) => (mayBeText(argument) ? undefined : 'the name of an export'),
  resolve: (argument, evaluation) => {
    const name = textOf(evaluation.resolve(argument));
    if (name === undefined) return unacceptable(evaluation, 'imported by a name that is not a text');
    const exported = evaluation.app.exportsNamed(name);
    const [only] = exported;
    if (only !== undefined && exported.length === 1) return evaluation.outputOf(only.stack, only.output);
    const why = exported.length > 1 ? 'several of the stacks have' : 'none of the stacks that were given has';
    const shown = evaluation.app.shown(name);
    return evaluation.unknown(`import ${name}`, 'deployment', `decided by the export ${shown}, which ${why}`);
  },
};

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html (2026-11-20). */
export const GET_STACK_OUTPUT: Intrinsic = {
  misuse: (argument) =>
    isObject(argument) && mayBeText(argument['StackName']) && mayBeText(argument['OutputName'])
      ? undefined
      : 'a stack and its output: {StackName, OutputName}',
  resolve: (argument, evaluation) => {
    const { StackName, OutputName, Region, RoleArn } = argument as Readonly<Record<string, unknown>>;
    const [stack = '', output = ''] = [StackName, OutputName].map((part) => textOf(evaluation.resolve(part)) ?? '');
    const isHere = [evaluation.app.region, undefined].includes(textOf(evaluation.resolve(Region)));
    const given = isHere && RoleArn === undefined ? evaluation.app.stacks.get(stack) : undefined;
    if (given?.outputs.has(output)) return evaluation.outputOf(given, output);
    return missingOutput(stack, output, evaluation);
  },
};

function missingOutput(stack: string, output: string, evaluation: Evaluation): string {
  const shown = evaluation.app.shown(`${stack}.${output}`);
  const reason = `decided by the output ${shown}, which none of the stacks that were given has`;
  return evaluation.unknown(`output ${stack}.${output}`, 'deployment', reason);
}

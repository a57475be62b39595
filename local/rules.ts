import type { DeployedRule, Deployment } from './assembly/deployment.ts';
import { isObject, type JsonObject } from './cloudformation/template.ts';
import type { FunctionOutcome, LambdaFunctions } from './functions/lambda-functions.ts';
import type { RunRecord } from './state/run-store.ts';

/** What an event tells of an execution that has ended. */
export type EndedExecution = Pick<RunRecord, 'execution' | 'arn' | 'startTime' | 'stopTime' | 'input' | 'output'> & {
  readonly status: string;
};

/**
 * Invokes what the app's EventBridge rules send an ended execution to, as AWS would, and waits. A function that fails
 * is left to the next admission, which settles what is still open.
 *
 * @returns how each of them ended
 */
export async function deliverRunEnded(
  { rules, region, account, stateMachine }: Deployment,
  functions: LambdaFunctions,
  record: EndedExecution,
): Promise<readonly FunctionOutcome[]> {
  const event: JsonObject = {
    version: '0',
    id: record.execution,
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account,
    region,
    time: record.stopTime ?? record.startTime,
    resources: [record.arn],
    detail: {
      executionArn: record.arn,
      stateMachineArn: stateMachine.arn,
      name: record.execution,
      status: record.status,
      startDate: Date.parse(record.startTime),
      stopDate: Date.parse(record.stopTime ?? record.startTime),
      input: JSON.stringify(record.input),
      output: record.output === null ? null : JSON.stringify(record.output),
    },
  };
  const targets = rules.filter((rule) => matchesPattern(rule, event)).flatMap(({ functionArns }) => functionArns);
  const outcomes: FunctionOutcome[] = [];
  for (const arn of targets.filter((target) => functions.has(target)))
    outcomes.push(await functions.invoke(arn, event));
  return outcomes;
}

const matchesPattern = ({ pattern }: DeployedRule, event: JsonObject): boolean => matches(pattern, event);

/** A pattern's lists hold the allowed values; what it does not name may be anything. */
function matches(pattern: JsonObject, event: JsonObject): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    const actual = event[key];
    if (Array.isArray(wanted)) return wanted.includes(actual ?? null);
    return isObject(wanted) && isObject(actual) && matches(wanted, actual);
  });
}

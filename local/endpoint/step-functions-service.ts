import { textAt } from '../cloudformation/template.ts';
import type { RunRecord, RunStore } from '../state/run-store.ts';
import type { AccessControl } from './access.ts';
import type { JsonService } from './json-service.ts';
import { pageOf } from './pages.ts';
import { refuseOthers, requireText } from './parameters.ts';
import { ServiceError } from './service-error.ts';

export interface StepFunctionsBackend {
  readonly access: AccessControl;
  readonly runs: RunStore;
  readonly stateMachineArn: string;
}

/** Source of the page size: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html (2026-11-20). */
const MOST_EXECUTIONS = 1000;

/** What handlers ask about executions; only the shell itself starts them here. */
export function stepFunctionsService({ access, runs, stateMachineArn }: StepFunctionsBackend): JsonService {
  return {
    DescribeExecution: async (caller, parameters) => {
      const arn = requireText(parameters, 'executionArn');
      access.require(caller, { api: 'states:DescribeExecution', resources: { execution: [arn] } });
      const record = await runs.find(arn.split(':').at(-1) ?? '');
      if (record === undefined || record.arn !== arn) {
        throw new ServiceError('ExecutionDoesNotExist', 400, `Execution Does Not Exist: '${arn}'`);
      }
      return { ...summaryOf(record, stateMachineArn), input: JSON.stringify(record.input), ...endOf(record) };
    },
    ListExecutions: async (caller, parameters) => {
      refuseOthers('ListExecutions', parameters, ['stateMachineArn', 'statusFilter', 'maxResults', 'nextToken']);
      access.require(caller, { api: 'states:ListExecutions', resources: { stateMachine: [stateMachineArn] } });
      const status = textAt(parameters, 'statusFilter');
      const found = (await runs.list()).filter((record) => status === undefined || record.status === status);
      const asked = { MaxResults: parameters['maxResults'], NextToken: parameters['nextToken'] };
      const { items, next } = pageOf(found, asked, MOST_EXECUTIONS);
      const token = next.NextToken === undefined ? {} : { nextToken: next.NextToken };
      return { executions: items.map((record) => summaryOf(record, stateMachineArn)), ...token };
    },
  };
}

function summaryOf(record: RunRecord, stateMachineArn: string): object {
  return {
    executionArn: record.arn,
    stateMachineArn,
    name: record.execution,
    status: record.status,
    startDate: Date.parse(record.startTime) / 1000,
    ...(record.stopTime === null ? {} : { stopDate: Date.parse(record.stopTime) / 1000 }),
  };
}

function endOf({ output, error, cause }: RunRecord): object {
  return {
    ...(output === null ? {} : { output: JSON.stringify(output) }),
    ...(error === null ? {} : { error }),
    ...(cause === null ? {} : { cause }),
  };
}

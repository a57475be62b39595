import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnResource } from 'aws-cdk-lib/core';
import { Fault } from '../errors/fault.ts';
import { type Usd, usdToDecimal } from '../units/usd.ts';

/** Resource metadata that a review reads: budgets and promises, which CloudFormation ignores. */
const METADATA_KEY = 'Hundredfold';

/** States what an execution and a month of the state machine may cost. */
export function declareBudgets(machine: CfnResource, bounds: { readonly run: Usd; readonly month: Usd }): void {
  const { run, month } = bounds;
  machine.addMetadata(METADATA_KEY, { RunBudgetUsd: usdToDecimal(run), MonthBudgetUsd: usdToDecimal(month) });
}

/** States that an invocation of the function starts one execution of the state machine at most. */
export function declareStarts(lambda: IFunction, stateMachine: string): void {
  const resource = lambda.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) throw new Fault(`${lambda.node.path} is no resource of this app`);
  resource.addMetadata(METADATA_KEY, { Starts: stateMachine, ExecutionsPerInvocation: 1 });
}

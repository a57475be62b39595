import { type ResolvedResource, textAt } from '../cloudformation/template.ts';

/** A schedule as EventBridge Scheduler holds it. */
export interface DeployedSchedule {
  readonly name: string;
  /** `cron(0 4 * * ? *)` */
  readonly expression: string;
  /** IANA name. */
  readonly zone: string;
}

export const readSchedules = (resources: readonly ResolvedResource[]): readonly DeployedSchedule[] =>
  resources
    .filter(({ type }) => type === 'AWS::Scheduler::Schedule')
    .map(({ name, properties }) => ({
      name,
      expression: textAt(properties, 'ScheduleExpression') ?? '',
      zone: textAt(properties, 'ScheduleExpressionTimezone') ?? 'UTC',
    }));

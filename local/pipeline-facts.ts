import { readFile } from 'node:fs/promises';
import { parseObjectUri } from '../lib/contracts/object-keys.ts';
import { HANDLER_ENVIRONMENT } from '../lib/contracts/state-payload.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { runProgramReader } from '../lib/runs/documents.ts';
import { readSchedulerExpression } from '../lib/schedule/cron-fields.ts';
import type { Schedule } from '../lib/schedule/slots.ts';
import type { Deployment } from './assembly/deployment.ts';

/** What the deployed handlers know of the pipeline that the shell needs too. */
export interface PipelineFacts {
  readonly pipeline: string;
  /** The label's: its newest landing unit is what a run is for. */
  readonly source: string;
  readonly dataBucket: string;
  readonly schedule: Schedule;
  /** The most that a run could cost on AWS: an exact decimal in USD. */
  readonly boundUsd: string;
}

/** @throws UserError no-pipeline */
export async function readPipelineFacts(deployment: Deployment): Promise<PipelineFacts> {
  const values = new Map(deployment.functions.flatMap(({ environment }) => Object.entries(environment)));
  const uri = values.get(HANDLER_ENVIRONMENT.runProgram);
  const dataBucket = values.get(HANDLER_ENVIRONMENT.bucket);
  if (uri === undefined || dataBucket === undefined) throw noPipeline('no function of the app knows a run program');
  const boundUsd = values.get(HANDLER_ENVIRONMENT.boundUsd);
  if (boundUsd === undefined) throw noPipeline('no function of the app knows the bound of a run');
  const program: unknown = JSON.parse(await readFile(assetPath(deployment, uri), 'utf8'));
  const { value } = runProgramReader(program, uri);
  const source = value?.sources[0];
  if (value === undefined || source === undefined) throw noPipeline(`${uri} is no run program`);
  return { pipeline: value.pipeline, source: source.name, dataBucket, schedule: readSchedule(deployment), boundUsd };
}

function assetPath({ assets }: Deployment, uri: string): string {
  const location = parseObjectUri(uri);
  const asset = assets.find(({ bucket, key }) => bucket === location?.bucket && key === location.key);
  if (asset === undefined) throw noPipeline(`${uri} is no asset of the app`);
  return asset.path;
}

function readSchedule({ schedules }: Deployment): Schedule {
  const [schedule, ...others] = schedules;
  if (schedule === undefined || others.length > 0) throw noPipeline(`the app has ${schedules.length} schedules`);
  return { fields: readSchedulerExpression(schedule.expression), zone: schedule.zone };
}

const noPipeline = (message: string): UserError =>
  new UserError({
    code: 'no-pipeline',
    message,
    resolution: 'give the app all stacks of one pipeline: new PipelineStacks(app, pipeline)',
  });

import { count, flag, list, oneOf, type Reader, record, shape, text, textLike } from '../contracts/reader.ts';
import { ENGINES, isSlot, parseExecutionName } from '../contracts/run-input.ts';
import type {
  ExecutionContext,
  FreezeEvaluationInput,
  ObjectLocation,
  PublishPartitionsInput,
  PublishTrialInput,
  RegisterModelInput,
  SettleRunInput,
  StartRunInput,
  TrialItem,
} from '../contracts/state-payload.ts';
import { revisionReader } from './registry-documents.ts';

const slot = textLike('a UTC time to the second, such as 2001-07-01T08:00:00Z', isSlot);
const executionName = textLike(
  'the name of a slot and an attempt, such as 2001-07-01T08-00-00Z-0',
  (name) => parseExecutionName(name) !== undefined,
);
const instant = textLike(
  'an ISO 8601 time in UTC',
  (time) => /^\d{4}-.*Z$/.test(time) && !Number.isNaN(Date.parse(time)),
);
const hexadecimal = textLike('a fingerprint in hexadecimal digits', (digits) => /^[0-9a-f]{8,64}$/.test(digits));

const context = {
  slot,
  attempt: count,
  engine: oneOf(...ENGINES),
  revision: revisionReader,
  execution: executionName,
  executionArn: text,
  startTime: instant,
} as const;

export const executionContextReader: Reader<ExecutionContext> = shape<ExecutionContext>(context);

export const publishPartitionsReader: Reader<PublishPartitionsInput> = shape<PublishPartitionsInput>({
  execution: executionName,
  batch: hexadecimal,
  attempt: text,
});

const trialItem: Reader<TrialItem> = shape<TrialItem>({
  index: count,
  fingerprint: hexadecimal,
  published: flag,
  hyperparameters: record(text),
  prefix: text,
  checkpoints: text,
});

export const publishTrialReader: Reader<PublishTrialInput> = shape<PublishTrialInput>({
  trial: trialItem,
  job: text,
  status: text,
});

export const freezeEvaluationReader: Reader<FreezeEvaluationInput> = shape<FreezeEvaluationInput>({
  ...context,
  trainingSet: hexadecimal,
  trials: list(shape<FreezeEvaluationInput['trials'][number]>({ index: count, fingerprint: hexadecimal })),
});

export const registerModelReader: Reader<RegisterModelInput> = shape<RegisterModelInput>({
  ...context,
  trainingSet: hexadecimal,
  evaluationKey: hexadecimal,
  report: shape<ObjectLocation>({ bucket: text, key: text }),
  decision: oneOf('approved', 'candidate'),
  failedGates: list(text),
});

const settleRun: Reader<SettleRunInput> = shape<SettleRunInput>({
  execution: executionName,
  executionArn: text,
  startTime: instant,
});

/** What EventBridge tells of a change: `startDate` in milliseconds since 1970. */
interface StatusChange {
  readonly detail: { readonly executionArn: string; readonly name: string; readonly startDate: number };
}

const statusChange: Reader<StatusChange> = shape<StatusChange>({
  detail: shape<StatusChange['detail']>({ executionArn: text, name: executionName, startDate: count }),
});

/**
 * From the state machine, or from the rule on execution status changes, whose event becomes the same.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html (2026-11-20).
 */
export const settleRunReader: Reader<SettleRunInput> = (json, at) => {
  if (typeof json !== 'object' || json === null || !('detail' in json)) return settleRun(json, at);
  const { value, diagnostics } = statusChange(json, at);
  if (value === undefined) return { diagnostics };
  const { name, executionArn, startDate } = value.detail;
  return { value: { execution: name, executionArn, startTime: new Date(startDate).toISOString() }, diagnostics };
};

export const startRunReader: Reader<StartRunInput> = shape<StartRunInput>({ scheduledTime: slot });

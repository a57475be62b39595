import { count, flag, list, oneOf, type Reader, record, shape, text, textLike } from '../contracts/reader.ts';
import { ENGINES, isSlot, parseExecutionName } from '../contracts/run-input.ts';
import type {
  AdmitRunInput,
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
import { listedFrom } from './execution-end.ts';
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

export const admitRunReader: Reader<AdmitRunInput> = shape<AdmitRunInput>({ ...context, definitionDigest: text });

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
  failed: flag,
});

/** What EventBridge tells of a change: times in milliseconds since 1970. */
interface StatusChange {
  readonly detail: {
    readonly executionArn: string;
    readonly name: string;
    readonly startDate: number;
    readonly stopDate: number;
  };
}

const statusChange: Reader<StatusChange> = shape<StatusChange>({
  detail: shape<StatusChange['detail']>({
    executionArn: text,
    name: executionName,
    startDate: count,
    stopDate: count,
  }),
});

/** A run that is to be settled. */
export interface SettlementRequest {
  readonly execution: string;
  /** ISO 8601 UTC. */
  readonly startTime: string;
  /** From when on a listing has every job that it started, in milliseconds since 1970; infinite: not yet known. */
  readonly listedFrom: number;
  /** Whether the execution has ended: then nobody but this settlement looks after it. */
  readonly hasEnded: boolean;
}

/**
 * From the state machine, or from the rule on execution status changes.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html (2026-11-20).
 */
export const settlementReader: Reader<SettlementRequest> = (json, at) => {
  if (typeof json === 'object' && json !== null && 'detail' in json) {
    const { value, diagnostics } = statusChange(json, at);
    return value === undefined ? { diagnostics } : { value: requestOfEvent(value), diagnostics };
  }
  const { value, diagnostics } = settleRun(json, at);
  return value === undefined ? { diagnostics } : { value: requestOfState(value), diagnostics };
};

const requestOfEvent = ({ detail: { name, startDate, stopDate } }: StatusChange): SettlementRequest => ({
  execution: name,
  startTime: new Date(startDate).toISOString(),
  listedFrom: listedFrom(stopDate),
  hasEnded: true,
});

/** Where no try failed, every task that started a job had waited for its end. */
const requestOfState = ({ execution, startTime, failed }: SettleRunInput): SettlementRequest => ({
  execution,
  startTime,
  listedFrom: failed ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
  hasEnded: false,
});

export const startRunReader: Reader<StartRunInput> = shape<StartRunInput>({ scheduledTime: slot });

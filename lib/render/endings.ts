import type { State } from '../asl/state-machine.ts';
import { jsonata } from './expressions.ts';
import { STATE_NAMES } from './state-names.ts';

/** How a run ends: with a model version, refused with its reasons (a normal end), or failed. */
export function endings(): Readonly<Record<string, State>> {
  return {
    [STATE_NAMES.howDidItEnd]: {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata('$failure != null'), Next: STATE_NAMES.runFailed },
        { Condition: jsonata('$registration != null'), Next: STATE_NAMES.runFinished },
      ],
      Default: STATE_NAMES.runRefused,
    },
    [STATE_NAMES.runFinished]: {
      Type: 'Succeed',
      Output: {
        outcome: 'registered',
        version: jsonata('$registration.version'),
        status: jsonata('$registration.status'),
        reasons: jsonata('$registration.reasons'),
        receipt: jsonata('$receipt'),
      },
    },
    [STATE_NAMES.runRefused]: {
      Type: 'Succeed',
      Output: { outcome: 'refused', reasons: jsonata('$refusal'), receipt: jsonata('$receipt') },
    },
    [STATE_NAMES.runFailed]: {
      Type: 'Fail',
      Error: jsonata('$failure.error'),
      Cause: jsonata("$failure.state & ': ' & $failure.cause"),
    },
  };
}

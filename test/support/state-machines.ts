/** Definitions for tests, as parsed JSON. */
export type Definition = Readonly<Record<string, unknown>>;

export const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:work';

/** A JSONata state machine of these states, which starts at the first. */
export const machineOf = (States: Definition): Definition => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(States)[0],
  States,
});

export const task = (fields: Definition = {}): Definition => ({
  Type: 'Task',
  Resource: LAMBDA,
  ...('Next' in fields ? {} : { End: true }),
  ...fields,
});

export const pass = (fields: Definition = {}): Definition => ({
  Type: 'Pass',
  ...('Next' in fields ? {} : { End: true }),
  ...fields,
});

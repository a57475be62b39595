import type { ScopeDraft } from './scope-draft.ts';
import type { RawState } from './states-language.ts';

export type Comparison = '<' | '<=' | '>' | '>=' | '=' | '!=';

/** How a loop counts, in the words of its query language. */
export interface Counter {
  readonly start: (count: number) => Partial<RawState>;
  readonly add: (step: number) => Partial<RawState>;
  /** The condition of a rule. */
  readonly compare: (comparison: Comparison, limit: number | 'from outside') => object;
  /** The same condition, and another one that anything may be true of. */
  readonly compareAndMore: (comparison: Comparison, limit: number | 'from outside') => object;
  /** What a rule assigns when it is taken, where a rule can count. */
  readonly addInRule: ((step: number) => object) | undefined;
  /** Whether every state of the loop has to hand its input on. */
  readonly keepsInput: boolean;
  /** The variable that holds the count. */
  readonly variable: string | undefined;
}

/** A counter of its own for a loop of this scope. */
export function generateCounter({ draft, setting }: ScopeDraft): Counter {
  const name = draft.fresh('count');
  if (setting.language === 'JSONata') return jsonataCounter(name, {});
  const mixed = (variable: string): Counter => jsonataCounter(variable, { QueryLanguage: 'JSONata' });
  return draft.chance.pick(pathCounter, variableCounter, mixed)(name);
}

const limitIn = (limit: number | 'from outside'): string =>
  limit === 'from outside' ? '$states.input.most' : String(limit);

/** A variable, counted by expressions. */
const jsonataCounter = (name: string, language: object): Counter => ({
  start: (count) => ({ ...language, Assign: { [name]: count } }),
  add: (step) => ({ ...language, Assign: { [name]: `{% $${name} + ${step} %}` } }),
  compare: (comparison, limit) => ({ Condition: `{% $${name} ${comparison} ${limitIn(limit)} %}` }),
  compareAndMore: (comparison, limit) => ({
    Condition: `{% $${name} ${comparison} ${limitIn(limit)} and $states.input.kind = 0 %}`,
  }),
  addInRule: (step) => ({ Assign: { [name]: `{% $${name} + ${step} %}` } }),
  keepsInput: false,
  variable: name,
});

const NUMERIC: Readonly<Record<Exclude<Comparison, '!='>, string>> = {
  '<': 'NumericLessThan',
  '<=': 'NumericLessThanEquals',
  '>': 'NumericGreaterThan',
  '>=': 'NumericGreaterThanEquals',
  '=': 'NumericEquals',
};

function numeric(variable: string, comparison: Comparison, limit: number | 'from outside'): object {
  if (comparison === '!=') return { Not: numeric(variable, '=', limit) };
  return limit === 'from outside'
    ? { Variable: variable, [`${NUMERIC[comparison]}Path`]: '$.most' }
    : { Variable: variable, [NUMERIC[comparison]]: limit };
}

const numericAndMore = (variable: string, comparison: Comparison, limit: number | 'from outside'): object => ({
  And: [numeric(variable, comparison, limit), { Variable: '$.kind', NumericEquals: 0 }],
});

/** A variable, counted by `States.MathAdd`. */
const variableCounter = (name: string): Counter => ({
  start: (count) => ({ Assign: { [name]: count } }),
  add: (step) => ({ Assign: { [`${name}.$`]: `States.MathAdd($${name}, ${step})` } }),
  compare: (comparison, limit) => numeric(`$${name}`, comparison, limit),
  compareAndMore: (comparison, limit) => numericAndMore(`$${name}`, comparison, limit),
  addInRule: (step) => ({ Assign: { [`${name}.$`]: `States.MathAdd($${name}, ${step})` } }),
  keepsInput: false,
  variable: name,
});

/** A field of the input, which every state of the loop has to hand on. */
const pathCounter = (name: string): Counter => ({
  start: (count) => ({ Result: { count }, ResultPath: `$.${name}` }),
  add: (step) => ({ Parameters: { 'count.$': `States.MathAdd($.${name}.count, ${step})` }, ResultPath: `$.${name}` }),
  compare: (comparison, limit) => numeric(`$.${name}.count`, comparison, limit),
  compareAndMore: (comparison, limit) => numericAndMore(`$.${name}.count`, comparison, limit),
  addInRule: undefined,
  keepsInput: true,
  variable: undefined,
});

import type { Duration } from '../units/duration.ts';
import { ExpressionValue, lift, type Operand } from './expression-value.ts';
import type { BooleanValue, NumericOperand, NumericTypeOf, NumericValue, TextValue, TimestampValue } from './value.ts';

/** What a branch may give: all of a case are of one type, or numbers. */
export type CaseOperand = NumericOperand | TextValue | string | BooleanValue | boolean | TimestampValue;

/** The value of a case, by what its branches give. */
export type CaseValue<X> = [X] extends [NumericOperand]
  ? NumericValue<NumericTypeOf<X>>
  : [X] extends [string | TextValue]
    ? TextValue
    : [X] extends [boolean | BooleanValue]
      ? BooleanValue
      : [X] extends [TimestampValue]
        ? TimestampValue
        : never;

type Branches = readonly (readonly [when: BooleanValue, value: CaseOperand])[];

/** A length of time is no plain number. */
type Lengthless<X, T> = [Extract<X, Duration>] extends [never] ? T : never;

/**
 * The value of the first branch whose condition is true, else `otherwise`, else null, as SQL's `CASE`:
 * `caseWhen([[delay.atLeast(60), 2], [delay.atLeast(15), 1]], 0)`. The casts give the one runtime class its static types.
 */
export function caseWhen<const B extends Branches, const O extends CaseOperand = never>(
  branches: Lengthless<B[number][1], B>,
  otherwise?: Lengthless<O, O>,
): CaseValue<B[number][1] | O> {
  const given: Branches = branches;
  const value: unknown = new ExpressionValue({
    kind: 'case',
    branches: given.map(([when, then]) => ({ when: lifted(when), value: lifted(then) })),
    otherwise: otherwise === undefined ? null : lifted(otherwise),
  });
  return value as CaseValue<B[number][1] | O>;
}

const lifted = (operand: CaseOperand) => lift(operand as unknown as Operand);

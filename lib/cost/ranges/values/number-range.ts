/** Where a number lies relative to a counter: its value is the counter's plus something from `low` to `high`. */
export interface Offset {
  readonly low: number;
  readonly high: number;
}

/** Every number from `low` to `high`, both inclusive; either may be infinite. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
  /** Only whole numbers. */
  readonly isWhole: boolean;
  /** Present only while the effect of a state on a counter is examined. */
  readonly offset?: Offset;
}

export type ComparisonOperator = '<' | '<=' | '>' | '>=';

export const ALL_NUMBERS: NumberRange = {
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  isWhole: false,
};

/**
 * Offsets are whole multiples of it, rounded to the unfavourable side: sums of them are exact in floating point, so
 * that a thousand laps of `+ 0.1` are not taken for more than they are.
 */
const QUANTUM = 2 ** -20;
export const quantizeDown = (value: number): number => Math.floor(value / QUANTUM) * QUANTUM;
export const quantizeUp = (value: number): number => Math.ceil(value / QUANTUM) * QUANTUM;

export const exactly = (value: number): NumberRange => ({ low: value, high: value, isWhole: Number.isInteger(value) });
export const between = (low: number, high: number): NumberRange => ({ low, high, isWhole: false });
export const wholeBetween = (low: number, high: number): NumberRange => ({ low, high, isWhole: true });

export function joinRanges(a: NumberRange, b: NumberRange): NumberRange {
  const range = { ...hull(a, b), isWhole: a.isWhole && b.isWhole };
  return a.offset === undefined || b.offset === undefined ? range : { ...range, offset: hull(a.offset, b.offset) };
}

const hull = (a: Offset, b: Offset): Offset => ({ low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) });

/** What grows on, grows without end; zero is where most counting down stops. */
export function widenRange(known: NumberRange, grown: NumberRange): NumberRange {
  const low = grown.low < known.low ? lowerStop(grown.low) : known.low;
  const high = grown.high > known.high ? upperStop(grown.high) : known.high;
  return { low, high, isWhole: known.isWhole && grown.isWhole };
}

const lowerStop = (low: number): number => (low >= 0 ? 0 : Number.NEGATIVE_INFINITY);
const upperStop = (high: number): number => (high <= 0 ? 0 : Number.POSITIVE_INFINITY);

/** The numbers in both; null where there are none. Keeps the offset of the first. */
export function meetRanges(a: NumberRange, b: NumberRange): NumberRange | null {
  const isWhole = a.isWhole || b.isWhole;
  const [low, high] = [Math.max(a.low, b.low), Math.min(a.high, b.high)];
  const range = { ...a, isWhole, low: isWhole ? Math.ceil(low) : low, high: isWhole ? Math.floor(high) : high };
  return range.low > range.high ? null : range;
}

/** The numbers of a range that can stand before `operator limit`; null where none can. */
export function compareRange(range: NumberRange, operator: ComparisonOperator, limit: NumberRange): NumberRange | null {
  switch (operator) {
    case '<':
      return meetRanges(range, { ...ALL_NUMBERS, high: range.isWhole ? Math.ceil(limit.high) - 1 : limit.high });
    case '<=':
      return meetRanges(range, { ...ALL_NUMBERS, high: limit.high });
    case '>':
      return meetRanges(range, { ...ALL_NUMBERS, low: range.isWhole ? Math.floor(limit.low) + 1 : limit.low });
    case '>=':
      return meetRanges(range, { ...ALL_NUMBERS, low: limit.low });
  }
}

export const equalRanges = (a: NumberRange, b: NumberRange): boolean =>
  a.low === b.low && a.high === b.high && a.isWhole === b.isWhole;

export function addRanges(a: NumberRange, b: NumberRange): NumberRange {
  const sum = sane({ low: a.low + b.low, high: a.high + b.high, isWhole: a.isWhole && b.isWhole });
  const offset = addOffset(a, b) ?? addOffset(b, a);
  return offset === undefined ? sum : { ...sum, offset };
}

function addOffset({ offset }: NumberRange, added: NumberRange): Offset | undefined {
  if (offset === undefined || added.offset !== undefined) return undefined;
  return { low: offset.low + quantizeDown(added.low), high: offset.high + quantizeUp(added.high) };
}

export const negateRange = ({ low, high, isWhole }: NumberRange): NumberRange => ({ low: -high, high: -low, isWhole });

export function multiplyRanges(a: NumberRange, b: NumberRange): NumberRange {
  const products = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high].map((product) =>
    Number.isNaN(product) ? 0 : product,
  );
  return sane({ low: Math.min(...products), high: Math.max(...products), isWhole: a.isWhole && b.isWhole });
}

/** What overflows fails when it is evaluated: nothing is concluded from it. */
const sane = ({ low, high, isWhole }: NumberRange): NumberRange => ({
  low: low < Number.POSITIVE_INFINITY ? low : Number.NEGATIVE_INFINITY,
  high: high > Number.NEGATIVE_INFINITY ? high : Number.POSITIVE_INFINITY,
  isWhole,
});

export function divideRanges(a: NumberRange, b: NumberRange): NumberRange {
  const quotients = [a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high];
  if ((b.low <= 0 && b.high >= 0) || quotients.some(Number.isNaN)) return ALL_NUMBERS;
  return sane(between(Math.min(...quotients), Math.max(...quotients)));
}

/** The remainder has the sign of the dividend, and is no greater than it. */
export function remainderRanges(a: NumberRange, b: NumberRange): NumberRange {
  const isWhole = a.isWhole && b.isWhole;
  const divisor = Math.max(Math.abs(b.low), Math.abs(b.high)) - (isWhole ? 1 : 0);
  const high = Math.max(0, Math.min(a.high, divisor));
  const low = Math.min(0, Math.max(a.low, -divisor));
  return { low, high, isWhole };
}

/** The range after a rounding to whole numbers that keeps the order of numbers. */
export const roundRange = (range: NumberRange, round: (value: number) => number): NumberRange =>
  range.isWhole ? { ...range } : wholeBetween(round(range.low), round(range.high));

/** What a field of a cron expression allows. */
export interface AwsField {
  /** Both inclusive. */
  readonly min: number;
  readonly max: number;
  /** Names of the numbers from `min` on. */
  readonly names?: readonly string[];
}

/**
 * Numbers of one field of a cron expression of EventBridge, ascending: numbers, names, ranges, which may pass the end
 * (`20-2`, `FRI-MON`), steps and lists; `*` is everything. Undefined for anything else.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html (2026-11-20).
 */
export function readAwsField(text: string, field: AwsField): readonly number[] | undefined {
  const items = text.split(',').map((item) => readItem(item, field));
  const numbers = items.filter((item) => item !== undefined);
  return numbers.length === items.length ? [...new Set(numbers.flat())].sort((a, b) => a - b) : undefined;
}

/** A number or a name; undefined for anything else, or outside of the field. */
export function readAwsNumber(text: string, { min, max, names = [] }: AwsField): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  const number = named >= 0 ? named + min : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= min && number <= max ? number : undefined;
}

function readItem(item: string, field: AwsField): readonly number[] | undefined {
  const [, range = '', stepText] = /^([^/]+)(?:\/(\d+))?$/.exec(item) ?? [];
  const step = stepText === undefined ? 1 : Number(stepText);
  const ends = readEnds(range, field, stepText !== undefined);
  if (ends === undefined || step < 1) return undefined;
  const size = field.max - field.min + 1;
  const length = (ends.to >= ends.from ? ends.to - ends.from : ends.to - ends.from + size) + 1;
  return Array.from({ length: Math.ceil(length / step) }, (_, index) => {
    return field.min + ((ends.from - field.min + index * step) % size);
  });
}

function readEnds(range: string, field: AwsField, isOpenEnded: boolean) {
  if (range === '*') return { from: field.min, to: field.max };
  const [first = '', last, ...others] = range.split('-');
  const from = readAwsNumber(first, field);
  if (from === undefined || others.length > 0) return undefined;
  if (last === undefined) return { from, to: isOpenEnded ? field.max : from };
  const to = readAwsNumber(last, field);
  return to === undefined ? undefined : { from, to };
}

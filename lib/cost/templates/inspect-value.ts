import { isObject } from '../json-object.ts';
import { checkName, type NameCheck } from './check-names.ts';
import { DEEPEST_NESTING } from './evaluation.ts';
import { intrinsicIn, isText, type Name } from './intrinsics/intrinsic.ts';
import { INTRINSICS } from './intrinsics/known.ts';
import { type Place, pathOf } from './place.ts';

/** What an inspection looks at, and whom it tells what a value depends on. */
export interface Inspection extends NameCheck {
  /** Whether a condition holds; undefined where that is not decided. */
  readonly isTrue: (condition: string) => boolean | undefined;
  /** Called for each name that the value depends on: not in a branch that is never taken. */
  readonly dependsOn: (name: Name) => void;
  /** Called with the argument of each function that reads from another stack. */
  readonly readsFrom: (name: string, argument: unknown) => void;
}

interface Visit {
  readonly value: unknown;
  readonly place: Place;
  readonly depth: number;
  /** Whether the value can take part in a deployment. */
  readonly isLive: boolean;
}

const READS_FROM_STACKS: readonly string[] = ['Fn::ImportValue', 'Fn::GetStackOutput'];

/** Checks every intrinsic function within a value and reports all that is wrong; without recursion, however deep it is. */
export function inspectValue(value: unknown, place: Place, inspection: Inspection): void {
  const pending: Visit[] = [{ value, place, depth: 0, isLive: true }];
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    if (visit.depth <= DEEPEST_NESTING) {
      pending.push(...inspectOne(visit, inspection).toReversed());
    } else {
      const fix = 'nest values less deeply';
      inspection.problems.malformed(pathOf(place), `is nested deeper than ${DEEPEST_NESTING} levels`, fix);
    }
  }
}

/** Inspects one value without what is in it, which is returned. */
function inspectOne(visit: Visit, inspection: Inspection): readonly Visit[] {
  const { value } = visit;
  if (Array.isArray(value)) return value.map((item: unknown, index) => inside(visit, `[${index}]`, item));
  if (!isObject(value)) return [];
  const call = intrinsicIn(value);
  if (call !== undefined) return inspectCall(visit, call, Object.keys(value), inspection);
  const { Condition: condition } = value;
  if (inspection.section === 'conditions' && isText(condition)) {
    tell({ kind: 'condition', name: condition }, visit, inspection);
    return [];
  }
  return Object.entries(value).map(([name, item]) => inside(visit, `.${name}`, item));
}

function inside({ place, depth, isLive }: Visit, step: string, value: unknown): Visit {
  return { value, place: { parent: place, step }, depth: depth + 1, isLive };
}

type Call = NonNullable<ReturnType<typeof intrinsicIn>>;

function inspectCall(
  visit: Visit,
  { name, argument }: Call,
  fields: readonly string[],
  inspection: Inspection,
): readonly Visit[] {
  const { problems } = inspection;
  const intrinsic = INTRINSICS.get(name);
  if (intrinsic === undefined) {
    const fix = `use one of ${[...INTRINSICS.keys()].join(', ')}`;
    problems.add('unknown-intrinsic', { at: pathOf(visit.place), message: `uses ${name}, which is not known`, fix });
    return [];
  }
  const misuse =
    fields.length > 1 ? `alone: ${fields.slice(0, 5).join(', ')} are beside it` : intrinsic.misuse(argument);
  if (misuse !== undefined) {
    problems.malformed(pathOf(visit.place), `uses ${name} wrongly`, `give ${misuse}`);
    return [inside(visit, `.${name}`, argument)];
  }
  for (const named of intrinsic.names?.(argument) ?? []) tell(named, visit, inspection);
  if (visit.isLive && READS_FROM_STACKS.includes(name)) inspection.readsFrom(name, argument);
  return argumentsOf(name, argument, inside(visit, `.${name}`, argument), inspection);
}

/** The branch of an `Fn::If` that is never taken is checked, but nothing depends on it. */
function argumentsOf(name: string, argument: unknown, visit: Visit, inspection: Inspection): readonly Visit[] {
  if (name !== 'Fn::If' || !Array.isArray(argument)) return [visit];
  const holds = inspection.isTrue(String(argument[0]));
  return argument.map((item: unknown, index) => {
    const isDead = index > 0 && holds === (index === 2);
    const branch = inside(visit, `[${index}]`, item);
    return isDead ? { ...branch, isLive: false } : branch;
  });
}

function tell(name: Name, { place, isLive }: Visit, inspection: Inspection): void {
  checkName(name, pathOf(place), inspection);
  if (isLive) inspection.dependsOn(name);
}

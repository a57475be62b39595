/**
 * An adversary that executes small definitions without loops, choosing branches, items, failures and their names to
 * spend as much as possible. It tries every choice there is, one try after the other, with the counters that the
 * states language describes; it shares nothing with the analyser. Amounts are tenths of a dollar, a transition is one.
 */
interface Handler {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts?: number;
  readonly Next?: string;
}

export interface AdversaryState {
  readonly Type: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Branches?: readonly AdversaryScope[];
  readonly ItemProcessor?: AdversaryScope & { readonly ProcessorConfig?: { readonly Mode: string } };
  readonly Items?: readonly unknown[];
  readonly MaxItems?: number;
  readonly MaxConcurrency?: number;
  readonly ToleratedFailureCount?: number;
  readonly Retry?: readonly Handler[];
  readonly Catch?: readonly Handler[];
}

export interface AdversaryScope {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, AdversaryState>>;
}

/** The most that can be spent until any end, and until success; minus infinity where that cannot be. */
export interface Spent {
  readonly anyhow: number;
  readonly successful: number;
}

const NEVER = Number.NEGATIVE_INFINITY;

export function spend(scope: AdversaryScope): Spent {
  return spendFrom(scope.StartAt, scope);
}

function spendFrom(name: string, scope: AdversaryScope): Spent {
  const state = scope.States[name];
  if (state === undefined) throw new Error(`no state ${name}`);
  const ends = endsOf(state);
  let anyhow = ends.failed;
  let successful = NEVER;
  const goOn = (next: string | null, spent: number): void => {
    if (spent === NEVER) return;
    const rest = next === null ? { anyhow: 0, successful: 0 } : spendFrom(next, scope);
    anyhow = Math.max(anyhow, spent + rest.anyhow);
    successful = Math.max(successful, spent + rest.successful);
  };
  for (const [next, spent] of ends.caught) goOn(next, spent);
  for (const next of nextOf(state)) goOn(next, ends.succeeded);
  return { anyhow, successful };
}

function nextOf({ Type, Choices = [], Default, Next }: AdversaryState): readonly (string | null)[] {
  if (Type === 'Choice') return [...Choices.map((rule) => rule.Next), ...(Default === undefined ? [] : [Default])];
  return [Next ?? null];
}

/** Spent in the state until it succeeds, until it fails for good, and until each of its catchers applies. */
interface Ends {
  readonly succeeded: number;
  readonly failed: number;
  readonly caught: ReadonlyMap<string, number>;
}

function endsOf(state: AdversaryState): Ends {
  const one = trySpend(state);
  const retriers = state.Retry ?? [];
  const names = namesIn([...retriers, ...(state.Catch ?? [])]);
  const caught = new Map<string, number>();
  const tries = triesOf(one, retriers, names);
  let failed = NEVER;
  for (const { spent, name } of tries.lost) {
    const target = state.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, name))?.Next;
    if (target === undefined) failed = Math.max(failed, spent);
    else caught.set(target, Math.max(caught.get(target) ?? 0, spent));
  }
  return { succeeded: tries.succeeded, failed, caught };
}

/** Every sequence of error names, until a try succeeds or no retrier takes the error. */
function triesOf(one: Spent, retriers: readonly Handler[], names: readonly string[]) {
  const lost: { readonly spent: number; readonly name: string }[] = [];
  const seen = new Set<string>();
  let succeeded = NEVER;
  const attempt = (spent: number, counts: readonly number[]): void => {
    const key = `${spent} ${counts.join(' ')}`;
    if (seen.has(key)) return;
    seen.add(key);
    succeeded = Math.max(succeeded, spent + one.successful);
    for (const name of names) {
      const place = retriers.findIndex(({ ErrorEquals }) => matches(ErrorEquals, name));
      const isRetried = place >= 0 && (counts[place] ?? 0) < (retriers[place]?.MaxAttempts ?? 3);
      if (isRetried) attempt(spent + one.anyhow, counts.with(place, (counts[place] ?? 0) + 1));
      else lost.push({ spent: spent + one.anyhow, name });
    }
  };
  attempt(
    0,
    retriers.map(() => 0),
  );
  return { succeeded, lost };
}

/** Every name that is named, one that is not, and what the wildcards tell apart. */
function namesIn(handlers: readonly Handler[]): readonly string[] {
  const named = handlers.flatMap(({ ErrorEquals }) => ErrorEquals);
  return [...new Set([...named, 'Other', 'States.Timeout', 'States.TaskFailed'])].filter(
    (name) => name !== 'States.ALL',
  );
}

const matches = (names: readonly string[], name: string): boolean =>
  names.includes('States.ALL') ||
  names.includes(name) ||
  (names.includes('States.TaskFailed') && name !== 'States.Timeout');

/** One try, with its transition: until it fails (however), or until it succeeds. */
function trySpend(state: AdversaryState): Spent {
  switch (state.Type) {
    case 'Task': {
      const spent = 10 * Number(/\d+$/.exec(state.Resource ?? '')?.[0]) + 1;
      return { anyhow: spent, successful: spent };
    }
    case 'Fail':
      return { anyhow: 1, successful: NEVER };
    case 'Parallel': {
      const branches = (state.Branches ?? []).map(spend);
      return {
        anyhow: branches.reduce((total, branch) => total + branch.anyhow, 1),
        successful: branches.reduce((total, branch) => total + branch.successful, 1),
      };
    }
    case 'Map':
      return spendOnItems(state);
    default:
      return { anyhow: 1, successful: 1 };
  }
}

/** Any number of items up to the most there can be; some have succeeded before those that run when one fails. */
function spendOnItems({ Items, MaxItems = 0, MaxConcurrency = 0, ...state }: AdversaryState): Spent {
  if (state.ItemProcessor === undefined) throw new Error('no item processor');
  const own = state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED' ? 2 : 0;
  const bare = spend(state.ItemProcessor);
  const item = { anyhow: bare.anyhow + own, successful: bare.successful + own };
  const counts = Items === undefined ? Array.from({ length: MaxItems + 1 }, (_, count) => count) : [Items.length];
  const all = counts.flatMap((count) =>
    Array.from({ length: count + 1 }, (_, failing) => ({ count, failing, spent: mixed(count, failing, item) })),
  );
  const slots = MaxConcurrency === 0 ? Number.POSITIVE_INFINITY : MaxConcurrency;
  const tolerates = state.ToleratedFailureCount !== undefined;
  return {
    anyhow: Math.max(...all.filter(({ failing }) => tolerates || failing <= slots).map(({ spent }) => spent)),
    successful: Math.max(...all.filter(({ failing }) => tolerates || failing === 0).map(({ spent }) => spent)),
  };
}

/** Items that were not started, because those before them cannot succeed, cost nothing. */
function mixed(count: number, failing: number, item: Spent): number {
  const before = count - failing;
  if (before > 0 && item.successful === NEVER) return failing > 0 ? 1 + failing * item.anyhow : NEVER;
  return 1 + failing * item.anyhow + (before === 0 ? 0 : before * item.successful);
}

import type { Diagnostic } from '../../errors/diagnostic.ts';
import { must } from '../../errors/fault.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { type CostNode, sum } from '../tree/cost-node.ts';
import { type Scope, successorsOf, type WorkflowState } from '../workflow/workflow.ts';
import { type Aim, ANYHOW, DearestWalks, type Move, type Step, SUCCESS } from './dearest-walks.ts';
import { applicable } from './error-names.ts';
import type { Flow } from './flow.ts';
import { boundState } from './state-bound.ts';
import type { WalkBound } from './walk-bound.ts';

/** The dearest walks from StartAt: to any end, and to success. Problems of states that nothing leads to are not looked for. */
export function boundScope(scope: Scope, label: string, flow: Flow): WalkBound {
  const states = boundReachable(scope, flow);
  const openLoops: Diagnostic[] = [];
  const walks = new DearestWalks({
    states: [...states.keys()],
    stepsFrom: (name) => states.get(name)?.steps ?? [],
    leaving: (name, aim) => endingOf(must(states.get(name), 'a state that is reached'), aim),
    aims: 2,
    fold: flow.fold,
    proofOf: (component) => flow.proofs.loopOf(component, scope),
    reportOpenLoop: (component) => openLoops.push(openLoop(component, scope)),
  });
  const dearest = (aim: Aim): CostNode => {
    const costs: CostNode[] = [];
    walks.walk(scope.startAt, aim, costs);
    return flow.fold(sum(label, scope.at, costs));
  };
  return {
    anyhow: dearest(ANYHOW),
    successful: walks.usd(scope.startAt, SUCCESS) === undefined ? null : dearest(SUCCESS),
    diagnostics: [...[...states.values()].flatMap(({ bound }) => bound.diagnostics), ...openLoops],
  };
}

interface BoundState {
  readonly state: WorkflowState;
  readonly bound: WalkBound;
  readonly steps: readonly Step[];
}

/** Every state that a walk can enter, in the order of the definition. */
function boundReachable(scope: Scope, flow: Flow): ReadonlyMap<string, BoundState> {
  const reached = new Map<string, BoundState>();
  const frontier = [scope.startAt];
  for (let name = frontier.pop(); name !== undefined; name = frontier.pop()) {
    if (reached.has(name)) continue;
    const state = must(scope.states.get(name), 'a state of the scope');
    const bound = boundState(state, flow);
    const steps = stepsOf(state, bound);
    reached.set(name, { state, bound, steps });
    for (const { to } of steps) frontier.push(to);
  }
  const inOrder = new Map<string, BoundState>();
  for (const name of scope.states.keys()) {
    const state = reached.get(name);
    if (state !== undefined) inOrder.set(name, state);
  }
  return inOrder;
}

/** Each way on once. Whoever is caught has failed. */
function stepsOf(state: WorkflowState, { anyhow, successful }: WalkBound): readonly Step[] {
  const followers = successful === null ? [] : once(followersOf(state));
  const caught = 'catchers' in state ? once(applicable(state.catchers).map(({ next }) => next)) : [];
  return [
    ...followers.map((to) => ({ cost: successful ?? anyhow, to })),
    ...caught.map((to) => ({ cost: anyhow, to })),
  ];
}

const once = (names: readonly string[]): readonly string[] => (names.length <= 1 ? names : [...new Set(names)]);

function followersOf(state: WorkflowState): readonly string[] {
  if (state.type !== 'Choice') return 'next' in state && state.next !== null ? [state.next] : [];
  return successorsOf(state).map(({ next }) => next);
}

/** Every state can be the last one, by failing. */
function endingOf({ state, bound: { anyhow, successful } }: BoundState, aim: Aim): Move | undefined {
  const isEnd = state.type === 'Succeed' || ('next' in state && state.next === null);
  const success = isEnd && successful !== null ? { cost: successful, to: null, usd: successful.usd } : undefined;
  if (aim === SUCCESS) return success;
  return success !== undefined && success.usd >= anyhow.usd ? success : { cost: anyhow, to: null, usd: anyhow.usd };
}

/** How many states of a loop a message names. */
const NAMED_STATES = 5;

function openLoop(component: ReadonlySet<string>, { states }: Scope): Diagnostic {
  const members = [...states.values()].filter(({ name }) => component.has(name));
  const names = members.slice(0, NAMED_STATES).map(({ name }) => `'${name}'`);
  const rest = members.length > names.length ? ` and ${members.length - names.length} more` : '';
  const [first] = members;
  const back = members.flatMap(successorsOf).find(({ next }) => next === first?.name);
  return costDiagnostic('unbounded-loop', {
    at: back?.at ?? '',
    message: `leads back to ${names.join(', ')}${rest}, and no counter limits how often`,
    fix: LOOP_FIX,
  });
}

const LOOP_FIX =
  'count the laps in a variable that a state before the loop sets to a number, add to it on every lap, and let a Choice in the loop compare it with a literal limit';

import type { Diagnostic } from '../errors/diagnostic.ts';
import type {
  CostAssessment,
  CostRequest,
  ExpectedSpotJob,
  MachineBound,
  NamedAssumption,
  Verdict,
} from './assessment.ts';
import { ACCEPTABLE_ASSUMPTIONS, type CostContext } from './cost-context.ts';
import { costDiagnostic } from './cost-diagnostic.ts';
import { type DeclaredBudgets, declaredBudgets } from './declared-budgets.ts';
import { exceededBudgets } from './exceeded-budgets.ts';
import { executionBounds } from './flow/bound-execution.ts';
import { type ReadMachines, readMachines } from './machines.ts';
import { boundCall } from './meters/bound-call.ts';
import { stateMachinesOf } from './month/addressed.ts';
import { boundEndRules } from './month/end-rules.ts';
import { boundMonth, type MachineRun, type MonthBound } from './month/month-bound.ts';
import { priceWarnings } from './prices/price-warnings.ts';
import { proveRanges } from './ranges/prove-ranges.ts';
import { expectedSpotJobs } from './spot/expected-spot-jobs.ts';
import { readTemplates } from './templates/read-templates.ts';
import type { TemplateSet } from './templates/template-set.ts';
import { type Bounded, sumBounded } from './tree/bounded.ts';
import type { Proofs } from './workflow/proofs.ts';
import type { Scope } from './workflow/workflow.ts';

/**
 * The most that one execution and one month of the templates can cost, why, and what keeps it from being known: every
 * problem at once. Beside an error there is no number.
 */
export function assessCost(request: CostRequest): CostAssessment {
  const { stacks, book, parameters, accepted } = request;
  const { value: templates, diagnostics } = readTemplates(stacks, { region: book.region, parameters });
  if (templates === undefined) return unread(request, diagnostics);
  const context: CostContext = { templates, book, accepted };
  const read = readMachines(templates);
  const prove = provingOnce();
  const runs = boundRuns(read, prove, context);
  const month = boundMonth({ machines: runs, quantities: request.quantities, context });
  const spot = [...read.machines.values()]
    .flat()
    .map(({ scope }) => expectedSpotJobs({ scope, proofs: prove(scope), expectation: request.spot }, context));
  const budgets = declaredBudgets(templates);
  const found = [
    ...diagnostics,
    ...missingMachine(templates),
    ...read.diagnostics,
    ...runs.flatMap(({ run }) => run.diagnostics),
    ...month.month.diagnostics,
    ...spot.flatMap((expected) => expected.diagnostics),
    ...budgets.diagnostics,
    ...priceWarnings(book, request.today, [...runs.map(({ run }) => run.node), month.month.node]),
  ];
  const expected = spot.flatMap(({ jobs }) => jobs);
  return conclude({ request, runs, month, expected, budgets, diagnostics: distinct(found) });
}

/** Each machine's dearest execution, with what its events bring about. */
function boundRuns({ machines }: ReadMachines, prove: Prove, context: CostContext): readonly MachineRun[] {
  const resources = stateMachinesOf(context.templates);
  const events = new Map(resources.map((machine) => [machine.address, boundEndRules(machine, context)]));
  const boundEvents = (machine: string): Bounded => events.get(machine) ?? sumBounded('events', machine, []);
  const bound = executionBounds({ context, machines, boundCall, prove, boundEvents });
  return resources.flatMap(({ address }) => {
    const run = bound(address);
    return run === undefined ? [] : [{ machine: address, run }];
  });
}

type Prove = (scope: Scope) => Proofs;

/** What is proven of a state machine, for its bound and for its spot jobs alike. */
function provingOnce(): Prove {
  const known = new Map<Scope, Proofs>();
  return (scope) => {
    const proofs = known.get(scope) ?? proveRanges(scope);
    known.set(scope, proofs);
    return proofs;
  };
}

function missingMachine(templates: TemplateSet): readonly Diagnostic[] {
  if (stateMachinesOf(templates).length > 0) return [];
  const missing = costDiagnostic('no-state-machine', {
    at: 'templates',
    message: 'none of the templates has an AWS::StepFunctions::StateMachine: nothing runs that could be bounded',
    fix: 'give the templates of the app whose executions are to be bounded',
  });
  return [missing];
}

interface Conclusion {
  readonly request: CostRequest;
  readonly runs: readonly MachineRun[];
  readonly month: MonthBound;
  readonly expected: readonly ExpectedSpotJob[];
  readonly budgets: DeclaredBudgets;
  readonly diagnostics: readonly Diagnostic[];
}

function conclude({ request, runs, month, expected, budgets, diagnostics }: Conclusion): CostAssessment {
  const isBounded = diagnostics.every(({ severity }) => severity !== 'error');
  const machines = runs.map(({ machine, run }) => ({
    machine,
    usd: run.node.usd,
    budget: request.budget.run ?? budgets.run.get(machine) ?? null,
    tree: run.node,
    startsPerMonth: month.startsPerMonth.get(machine) ?? 0,
  }));
  const dearest = machines.reduce<MachineBound | undefined>(dearer, undefined);
  const run = {
    usd: dearest?.usd ?? null,
    budget: dearest?.budget ?? null,
    tree: dearest?.tree ?? null,
  };
  const { node } = month.month;
  const monthly = { usd: node.usd, budget: request.budget.month ?? budgets.month, tree: node };
  const isExceeded = exceededBudgets({ machines, month: monthly }).length > 0;
  return {
    verdict: verdictOf(isBounded, isExceeded),
    region: request.book.region,
    compiledOn: request.book.compiledOn,
    run: isBounded ? run : { ...NO_NUMBER, budget: run.budget },
    month: isBounded ? monthly : { ...NO_NUMBER, budget: monthly.budget },
    machines: isBounded ? machines : [],
    expected: isBounded ? expected : [],
    diagnostics,
    declared: month.declared,
    assumptions: [...acceptedAssumptions(request), ...month.assumptions],
  };
}

/** What the user lets the bound rest on. */
const acceptedAssumptions = ({ accepted }: CostRequest): readonly NamedAssumption[] =>
  [...accepted].map((name) => ({
    name,
    statement: ACCEPTABLE_ASSUMPTIONS[name],
    resolution: 'review without it: every property that it stands for is named',
  }));

const NO_NUMBER = { usd: null, tree: null } as const;

function verdictOf(isBounded: boolean, isExceeded: boolean): Verdict {
  if (!isBounded) return 'unbounded';
  return isExceeded ? 'over-budget' : 'bounded';
}

const dearer = (best: MachineBound | undefined, next: MachineBound): MachineBound =>
  best === undefined || next.usd > best.usd ? next : best;

/** Templates of which nothing can be said. */
const unread = ({ book, budget }: CostRequest, diagnostics: readonly Diagnostic[]): CostAssessment => ({
  verdict: 'unbounded',
  region: book.region,
  compiledOn: book.compiledOn,
  run: { ...NO_NUMBER, budget: budget.run ?? null },
  month: { ...NO_NUMBER, budget: budget.month ?? null },
  machines: [],
  expected: [],
  diagnostics,
  declared: [],
  assumptions: [],
});

/** What is wrong in one place and found on several ways to it is said once. */
const distinct = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => [
  ...new Map(diagnostics.map((each) => [`${each.code} ${each.at} ${each.message}`, each])).values(),
];

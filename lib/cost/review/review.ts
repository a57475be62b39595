import type { Diagnostic } from '../../errors/diagnostic.ts';
import { subtractUsd, type Usd } from '../../units/usd.ts';
import type { CostAssessment, CostRequest } from '../assessment.ts';
import { COST_DIAGNOSTICS, type CostDiagnosticCode } from '../cost-diagnostic.ts';
import type { PriceBook } from '../price-book.ts';
import type { StackTemplate } from '../templates/template-set.ts';
import { compareTrees, type Moved } from './difference.ts';
import { shortDiagnostic } from './short-diagnostic.ts';

/** What is put to a review: as much as could be read, and what could not. */
export interface ReviewRequest extends Omit<CostRequest, 'book'> {
  readonly book: PriceBook | undefined;
  /** The templates before the change; undefined where nothing is compared. */
  readonly base: readonly StackTemplate[] | undefined;
  /** Everything that could not be read: files, options, the price book. */
  readonly problems: readonly Diagnostic[];
}

/** An assessment as it is shown: without any number beside an error. */
export interface CostReview extends Omit<CostAssessment, 'region' | 'compiledOn'> {
  /** Null where there was no price book. */
  readonly region: string | null;
  /** Day on which the price book was compiled; null where there was none. */
  readonly compiledOn: string | null;
  /** Null where there was no base. */
  readonly change: CostChange | null;
}

/** One move of one of the two bounds. */
export interface BoundMoved extends Moved {
  readonly bound: 'run' | 'month';
}

/** By how much one bound differs from the base; amounts are null where they are not compared. */
export interface AmountChange {
  readonly from: Usd | null;
  readonly to: Usd | null;
  /** Signed. */
  readonly delta: Usd | null;
}

export interface CostChange {
  readonly run: AmountChange;
  readonly month: AmountChange;
  /** The greatest first; those of a bound add up to its delta exactly. */
  readonly moved: readonly BoundMoved[];
  /** Why nothing is compared; null where it is. */
  readonly notCompared: string | null;
  /** What keeps the base from having a bound. */
  readonly baseDiagnostics: readonly Diagnostic[];
}

/** Whether a review lets a change pass: it does, it does not, or its input could not be read. */
export type ReviewAnswer = 'yes' | 'no' | 'bad-input';

/** Reviews templates, compared with a base where there is one. Every problem of the input is in it at once. */
export function reviewCost(
  { base, book, problems, ...request }: ReviewRequest,
  assess: (request: CostRequest) => CostAssessment,
): CostReview {
  if (book === undefined || problems.length > 0) {
    return unreadableReview(request.budget, [...problems, ...otherProblems({ ...request, book }, assess)]);
  }
  const assessment = assess({ ...request, book });
  const diagnostics = assessment.diagnostics.map(shortDiagnostic);
  const head = withoutNumbersBesideErrors({ ...assessment, diagnostics });
  return { ...head, change: base === undefined ? null : compareWith(head, assess({ ...request, book, stacks: base })) };
}

/** A review of what cannot be read: no number, no tree, all problems. */
export function unreadableReview(budget: CostRequest['budget'], diagnostics: readonly Diagnostic[]): CostReview {
  return {
    verdict: 'unbounded',
    region: null,
    compiledOn: null,
    run: { usd: null, budget: budget.run ?? null, tree: null },
    month: { usd: null, budget: budget.month ?? null, tree: null },
    machines: [],
    expected: [],
    diagnostics: diagnostics.map(shortDiagnostic),
    declared: [],
    assumptions: [],
    change: null,
  };
}

export function answerOf({ verdict, diagnostics }: CostReview): ReviewAnswer {
  if (diagnostics.some(isInputError)) return 'bad-input';
  return verdict === 'bounded' ? 'yes' : 'no';
}

const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

/** Whether it says that the input cannot be read; a code that is not of the analysis says so too. */
function isInputError(diagnostic: Diagnostic): boolean {
  return isError(diagnostic) && (!isCostCode(diagnostic.code) || COST_DIAGNOSTICS[diagnostic.code].kind === 'input');
}

const isCostCode = (code: string): code is CostDiagnosticCode => Object.hasOwn(COST_DIAGNOSTICS, code);

/** What a template or a price book that is missing can bring about in what could be read. */
const CONSEQUENCES: ReadonlySet<string> = new Set<CostDiagnosticCode>([
  'unknown-reference',
  'no-state-machine',
  'missing-price',
  'old-price-book',
  'unmetered-call',
  'deploy-time-limit',
  'unbounded-starts',
]);

/** What else is wrong with the templates that could be read, so that it need not be found out one by one. */
function otherProblems(
  { book, ...request }: Omit<CostRequest, 'book'> & { readonly book: PriceBook | undefined },
  assess: (request: CostRequest) => CostAssessment,
): readonly Diagnostic[] {
  if (request.stacks.length === 0) return [];
  const { diagnostics } = assess({ ...request, book: book ?? bookWithoutPrices(request.today) });
  return diagnostics.filter((diagnostic) => isError(diagnostic) && !CONSEQUENCES.has(diagnostic.code));
}

const bookWithoutPrices = (compiledOn: string): PriceBook => ({
  version: 1,
  region: '',
  currency: 'USD',
  compiledOn,
  prices: [],
});

function withoutNumbersBesideErrors(assessment: CostAssessment): Omit<CostReview, 'change'> {
  if (!assessment.diagnostics.some(isError)) return assessment;
  return {
    ...assessment,
    verdict: 'unbounded',
    run: { ...assessment.run, usd: null, tree: null },
    month: { ...assessment.month, usd: null, tree: null },
    machines: [],
    expected: [],
    declared: assessment.declared.map((meter) => ({ ...meter, usd: null })),
  };
}

type Bounds = Pick<CostAssessment, 'run' | 'month' | 'diagnostics'>;

function compareWith(head: Bounds, base: Bounds): CostChange {
  const baseDiagnostics = base.diagnostics.filter(isError).map(shortDiagnostic);
  const isBaseBounded = baseDiagnostics.length === 0 && base.run.usd !== null;
  const isHeadBounded = head.run.usd !== null;
  const before = isBaseBounded ? base : undefined;
  const after = isHeadBounded ? head : undefined;
  return {
    run: amountChange(before?.run.usd, after?.run.usd),
    month: amountChange(before?.month.usd, after?.month.usd),
    moved: before === undefined || after === undefined ? [] : movesBetween(before, after),
    notCompared: reasonNotToCompare({ isBaseBounded, isHeadBounded }),
    baseDiagnostics,
  };
}

function reasonNotToCompare(are: { readonly isBaseBounded: boolean; readonly isHeadBounded: boolean }): string | null {
  if (!are.isBaseBounded)
    return are.isHeadBounded ? 'the base has no bound' : 'neither the base nor the change has a bound';
  return are.isHeadBounded ? null : 'the change has no bound';
}

function amountChange(from: Usd | null = null, to: Usd | null = null): AmountChange {
  const isCompared = from !== null && to !== null;
  // An amount of the base beside a change without a bound would be a number beside an error.
  return { from: isCompared ? from : null, to, delta: isCompared ? subtractUsd(to, from) : null };
}

function movesBetween(base: Bounds, head: Bounds): readonly BoundMoved[] {
  return (['run', 'month'] as const)
    .flatMap((bound) => {
      const [before, after] = [base[bound].tree, head[bound].tree];
      return before === null || after === null ? [] : compareTrees(before, after).map((move) => ({ ...move, bound }));
    })
    .sort((one, other) => Number(magnitude(other) > magnitude(one)) - Number(magnitude(one) > magnitude(other)));
}

const magnitude = ({ usd }: Moved): bigint => (usd < 0n ? -usd : usd);

import { assessCost } from '../../lib/cost/assess.ts';
import type { CostRequest } from '../../lib/cost/assessment.ts';
import type { AcceptableAssumption } from '../../lib/cost/cost-context.ts';
import { type PriceBook, readPriceBook } from '../../lib/cost/price-book.ts';
import { Battleground, UnboundedSpend } from './battleground.ts';
import { Chance } from './chance.ts';
import { type Deployment, deploymentsOf } from './deployment.ts';
import { exhaust } from './exhaust.ts';
import { type CaseKind, generateCase, MAIN, STACK } from './generate-case.ts';
import { greatest, type Prices, readPrices } from './prices.ts';
import { walk } from './walk.ts';

/** Prices as both sides read them: the analyser, and the adversary by itself. */
export interface Market {
  readonly book: PriceBook;
  readonly prices: Prices;
}

export function openMarket(book: unknown): Market {
  const read = readPriceBook(book, 'prices').value;
  if (read === undefined) throw new Error('the price book cannot be read');
  return { book: read, prices: readPrices(book as Parameters<typeof readPrices>[0]) };
}

/** What is asked of the analyser about one template. */
export const requestFor = (
  template: unknown,
  { book }: Market,
  accepted: readonly AcceptableAssumption[] = [],
): CostRequest => ({
  stacks: [{ stack: STACK, template }],
  book,
  parameters: {},
  accepted: new Set(accepted),
  quantities: {},
  budget: {},
  spot: { interruptionsPerHour: 0.05, saving: 0.7, checkpointSeconds: 60 },
  today: book.compiledOn,
});

/** A generated machine, what the analyser says of it, and where it can be attacked. */
export interface Target {
  readonly template: object;
  /** Null where it was refused. */
  readonly bound: bigint | null;
  readonly refusals: readonly string[];
  readonly grounds: readonly Battleground[];
}

export function aimAt(
  seed: number,
  kind: CaseKind,
  market: Market,
  accepted: readonly AcceptableAssumption[] = [],
): Target {
  const template = generateCase(seed, kind);
  const { machines, diagnostics } = assessCost(requestFor(template, market, accepted));
  const errors = accepted.includes('free-create-errors') ? 'cost nothing' : 'cost a try';
  const ground = (deployment: Deployment): Battleground => new Battleground(deployment, market.prices, errors);
  return {
    template,
    bound: machines.find(({ machine }) => machine === `${STACK}/${MAIN}`)?.usd ?? null,
    refusals: diagnostics.filter(({ severity }) => severity === 'error').map(({ code, at }) => `${code} ${at}`),
    grounds: deploymentsOf(template).map(ground),
  };
}

/** How often a walk takes what costs the most at once: from never to always. */
const SPITE = [0, 0.5, 0.8, 0.95, 1] as const;

/** The most that random executions spent, over all deployments. */
export function bestWalk({ grounds }: Target, walks: number): bigint {
  let most = 0n;
  for (let round = 0; round < walks; round += 1) {
    const ground = grounds[round % grounds.length];
    if (ground === undefined) break;
    const { spent } = walk(ground, MAIN, new Chance(round), SPITE[round % SPITE.length] ?? 0);
    most = greatest([most, spent]);
  }
  return most;
}

/** The most that any execution can spend, over all deployments; null where nothing limits it. */
export function bestAttack({ grounds }: Target): bigint | null {
  try {
    return greatest(grounds.map((ground) => exhaust(ground, MAIN)));
  } catch (error) {
    if (error instanceof UnboundedSpend) return null;
    throw error;
  }
}

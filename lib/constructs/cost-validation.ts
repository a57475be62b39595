import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  type App,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Validations,
} from 'aws-cdk-lib/core';
import { assessCost } from '../cost/assess.ts';
import type { CostAssessment, SpotExpectation } from '../cost/assessment.ts';
import type { AcceptableAssumption } from '../cost/cost-context.ts';
import { COST_DIAGNOSTICS } from '../cost/cost-diagnostic.ts';
import { defaultRequest } from '../cost/default-request.ts';
import { type ExceededBudget, exceededBudgets } from '../cost/exceeded-budgets.ts';
import { type PriceBook, parsePriceBook } from '../cost/price-book.ts';
import { hasDefinitionInS3 } from '../cost/templates/asset-files.ts';
import type { StackTemplate } from '../cost/templates/template-set.ts';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { UserError } from '../errors/user-error.ts';
import { formatUsd, type Usd } from '../units/usd.ts';
import { definitionAssets } from './definition-assets.ts';
import { priceBookText, pricedRegions } from './price-books.ts';

export interface CostValidationProps {
  /** Whose prices; default: the region of the app's stacks. */
  readonly region?: string;
  /** Default: what the state machines declare in their metadata. */
  readonly budget?: { readonly run?: Usd; readonly month?: Usd };
  readonly accept?: readonly AcceptableAssumption[];
  /** Units a month of what AWS gives no cap for. */
  readonly quantities?: Readonly<Record<string, number>>;
  /** Values of template parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly spot?: SpotExpectation;
  /** Day of the review, by which a price book is old; default: the day on which it was compiled. */
  readonly today?: string;
}

/**
 * Bounds the cost of an app while it is synthesized: one that is unbounded, or above its budget, does not synthesize.
 * `Validations.of(app).addPlugins(new CostValidation({ budget: { run: usd(6), month: usd(200) } }))`
 */
export class CostValidation implements IPolicyValidationPlugin {
  readonly name = 'hundredfold-cost';
  readonly ruleIds = [...Object.keys(COST_DIAGNOSTICS), 'over-budget'];
  private readonly props: CostValidationProps;

  constructor(props: CostValidationProps = {}) {
    this.props = props;
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const { accept, region: given, ...request } = this.props;
    const region = given ?? regionOf(context);
    const paths = pathsIn(region, context);
    const stacks = [...paths].map(([stack, path]) => readStack(stack, path));
    const defaults = defaultRequest(stacks, readBook(region));
    const assessment = assessCost({ ...defaults, ...request, accepted: new Set(accept) });
    const violations = violationsOf(assessment, paths);
    return { success: violations.length === 0, violations };
  }
}

const BOUNDED_APPS = new WeakMap<App, Set<string>>();

/** Lets an app validate what its stacks in a region cost, once. */
export function boundCost(app: App, region: string): void {
  const regions = BOUNDED_APPS.get(app) ?? new Set();
  if (regions.has(region)) return;
  BOUNDED_APPS.set(app, regions.add(region));
  Validations.of(app).addPlugins(new CostValidation({ region }));
}

const stackOf = (templatePath: string): string => basename(templatePath, '.template.json');

/** Templates of the region's stacks, by stack; those of a stack without a region are deployed wherever the caller says. */
function pathsIn(region: string, { stackTemplates }: IPolicyValidationContext): ReadonlyMap<string, string> {
  const own = stackTemplates.filter((stack) => stack.region === undefined || stack.region === region);
  return new Map(own.map(({ templatePath }) => [stackOf(templatePath), templatePath]));
}

function readStack(stack: string, path: string): StackTemplate {
  const text = readFileSync(path, 'utf8');
  const assets = hasDefinitionInS3(text) ? definitionAssets(path) : new Map<string, string>();
  return { stack, template: JSON.parse(text), assets };
}

/** @throws UserError unclear-region */
function regionOf({ stackTemplates, region }: IPolicyValidationContext): string {
  const regions = new Set(
    [...stackTemplates.map((stack) => stack.region), region].filter((name) => name !== undefined),
  );
  const [only] = regions;
  const priced = pricedRegions();
  if (regions.size === 1 && only !== undefined && priced.includes(only)) return only;
  throw new UserError({
    code: 'unclear-region',
    message: `the stacks are in ${regions.size === 0 ? 'no region' : [...regions].join(', ')}, prices are there for ${priced.join(', ')}`,
    resolution: "name one: new CostValidation({ region: 'us-east-1' }), or hundredfold prices refresh --region REGION",
  });
}

/** @throws UserError invalid-input */
function readBook(region: string): PriceBook {
  const { value, diagnostics } = parsePriceBook(priceBookText(region), `prices of ${region}`, region);
  if (value === undefined) throw UserError.fromDiagnostics('the price book', diagnostics);
  return value;
}

type TemplatePaths = ReadonlyMap<string, string>;

function violationsOf(assessment: CostAssessment, paths: TemplatePaths): PolicyViolation[] {
  const errors = assessment.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    return errors.map(({ code, at, message, fix }) => violation(code, { at, message, fix }, paths));
  return exceededBudgets(assessment).map((exceeded) => violation('over-budget', problemOf(exceeded), paths));
}

type Problem = Pick<Diagnostic, 'at' | 'message' | 'fix'>;

const problemOf = ({ what, at, usd, budget }: ExceededBudget): Problem => ({
  at,
  message: `a ${what} may cost ${formatUsd(usd)}, its budget is ${formatUsd(budget)}`,
  fix: 'see hundredfold cost for what makes it so dear; lower a limit, or raise the budget',
});

/** A violation that names no resource is not printed, and fails nothing: one of no place is the first template's. */
function violation(ruleName: string, { at, message, fix }: Problem, paths: TemplatePaths): PolicyViolation {
  const [stack = '', rest = ''] = at.split(/\/(.*)/s);
  const templatePath = paths.get(stack) ?? [...paths.values()][0];
  const resourceLogicalId = paths.has(stack) ? rest.split('.')[0] : undefined;
  const place = {
    locations: [at],
    ...(templatePath === undefined ? {} : { templatePath }),
    ...(resourceLogicalId === undefined ? {} : { resourceLogicalId }),
  };
  return { ruleName, description: `${at}: ${message}`, fix, severity: 'error', violatingResources: [place] };
}

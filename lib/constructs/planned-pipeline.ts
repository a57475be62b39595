import type { Definition } from '../definition/pipeline.ts';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { UserError } from '../errors/user-error.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { programText, renderPrograms } from '../render/programs.ts';
import { priceBookText, pricedRegions } from './price-books.ts';
import type { RunFileTexts } from './run-files.ts';

/** A pipeline that was planned: what every stack of it is rendered from. */
export interface PlannedPipeline {
  readonly plan: Plan;
  readonly texts: RunFileTexts;
  /** What is questionable in the definition without being wrong. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Plans a pipeline and renders its files.
 * @throws UserError invalid-input: everything that is wrong with the definition, at once
 */
export function planPipeline(definition: Definition): PlannedPipeline {
  const { value: plan, diagnostics } = makePlan(definition, { regions: pricedRegions() });
  if (plan === undefined) throw UserError.fromDiagnostics(`the pipeline ${definition.name}`, diagnostics);
  const programs = renderPrograms(plan);
  return {
    plan,
    texts: {
      ingest: programText(programs.ingest),
      trainingSet: programText(programs.trainingSet),
      run: programText(programs.run),
      priceBook: priceBookText(plan.region),
    },
    warnings: diagnostics,
  };
}

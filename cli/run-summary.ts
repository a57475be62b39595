import { relative } from 'node:path';
import type { TrainingSetManifest } from '../lib/contracts/manifest.ts';
import { isWithinBound } from '../lib/runs/receipt.ts';
import { formatUsd, usd } from '../lib/units/usd.ts';
import type { RegisteredModel } from '../local/models.ts';
import type { RunReport } from '../local/run-report.ts';
import { auditLine } from './audit-line.ts';
import { formatCount, formatSeconds, renderFields } from './table.ts';

/** The end of a run for people: what came in, what came out, what it could have cost, and the next step. */
export function renderRunSummary(report: RunReport, directory: string): string {
  const place = (path: string): string => relative(directory, path) || '.';
  const fields = [
    ...qualityFields(report, place),
    ...trainingSetFields(report),
    ...(report.audit === null ? [] : [['audit', auditLine(report.audit)] as const]),
    ...modelFields(report),
    ...costFields(report),
    ...placeFields(report, place),
    ...refusalFields(report),
    ...failureFields(report),
  ];
  return [headline(report), renderFields(fields), '', `next: ${nextStep(report)}`, ''].join('\n');
}

function headline({ run }: RunReport): string {
  const seconds = run.stopTime === null ? 0 : (Date.parse(run.stopTime) - Date.parse(run.startTime)) / 1_000;
  const outcome: unknown = Object(run.output).outcome;
  const ending = run.status === 'SUCCEEDED' ? String(outcome ?? 'finished') : run.status.toLowerCase();
  return `run ${run.execution} ${ending} in ${formatSeconds(seconds)}`;
}

type Field = readonly [string, string];
type Place = (path: string) => string;

function qualityFields({ quality, places, model }: RunReport, place: Place): readonly Field[] {
  if (quality === null) return model === null ? [] : [['rows in', 'none new: every landing unit is published']];
  const rows: Field = ['rows in', `${formatCount(quality.rows)} in ${formatCount(quality.units)} landing units`];
  const reasons = quality.reasons.slice(0, 3).map(({ reason, rows: count }) => `${formatCount(count)} ${reason}`);
  const quarantined: Field = [
    'quarantined',
    quality.quarantined === 0 ? 'none' : `${formatCount(quality.quarantined)}: ${reasons.join(', ')}`,
  ];
  const where = places.quarantine.map((folder): Field => ['', place(folder)]);
  const failures = quality.failures.map((failure): Field => ['check failed', failure]);
  const published: readonly Field[] = quality.passed ? [['published', `${formatCount(quality.accepted)} rows`]] : [];
  return [rows, quarantined, ...where, ...published, ...failures];
}

function trainingSetFields({ trainingSet }: RunReport): readonly Field[] {
  if (trainingSet === null) return [];
  const { train, validation, test } = trainingSet.splits;
  const purged = train.purged + validation.purged;
  return [
    [
      'training set',
      `${formatCount(train.rows)} train, ${formatCount(validation.rows)} validation, ${formatCount(test.rows)} test rows; ` +
        `${trainingSet.features.length} features; ${formatCount(purged)} purged`,
    ],
    ...reuseFields(trainingSet),
    ['bytes read', `${formatCount(trainingSet.bytesRead)} of ${formatCount(trainingSet.bytesPresent)} present`],
  ];
}

function reuseFields({ reused }: TrainingSetManifest): readonly Field[] {
  if (reused === undefined || reused.days === 0) return [];
  return [['', `reused ${formatCount(reused.days)} of ${formatCount(reused.labelDays)} label days`]];
}

function modelFields({ model, run }: RunReport): readonly Field[] {
  if (model === null) return [];
  const { metrics, baseRate, evaluation, trial, number } = model.body;
  const champion =
    evaluation.champion === null
      ? evaluation.championComparison.replaceAll('-', ' ')
      : `champion ${evaluation.champion.version} has ${evaluation.champion.test.pr_auc.toFixed(4)}`;
  const reasons: unknown = Object(run.output).reasons;
  const why = Array.isArray(reasons) && reasons.length > 0 ? `: ${reasons.join('; ')}` : '';
  return [
    ['test PR-AUC', `${metrics.test.pr_auc.toFixed(4)}, base rate ${baseRate.toFixed(4)}; ${champion}`],
    ['test ROC-AUC', `${metrics.test.roc_auc.toFixed(4)}, log loss ${metrics.test.log_loss.toFixed(4)}`],
    ...ablationFields(model),
    ['model', `version ${number} (trial ${trial.index}), ${String(Object(run.output).status)}${why}`],
  ];
}

/** What each group of features carries, the most first. */
function ablationFields({ body }: RegisteredModel): readonly Field[] {
  const drops = (body.ablation ?? []).map(({ name, drop }) => ({ name, lost: drop.pr_auc }));
  const told = drops.toSorted((a, b) => b.lost - a.lost).map(({ name, lost }) => `${name} ${lost.toFixed(4)}`);
  return told.length === 0 ? [] : [['PR-AUC carried', told.join(', ')]];
}

function costFields({ receipt }: RunReport): readonly Field[] {
  if (receipt === null) return [];
  const excess = isWithinBound(receipt) ? '' : ', above the bound: this should not have happened, please report it';
  const state = `${receipt.complete ? '' : ', jobs not yet settled'}${excess}`;
  return [
    ['bound on AWS', `${formatUsd(usd(receipt.boundUsd))} at most`],
    ['receipt', `${formatUsd(usd(receipt.billedUsd))} for the same seconds at AWS prices${state}`],
  ];
}

function placeFields({ places }: RunReport, place: Place): readonly Field[] {
  return [
    ['files', place(places.record)],
    ...(places.trainingSet === null ? [] : [['', place(places.trainingSet)] as const]),
    ...(places.model === null ? [] : [['', place(places.model)] as const]),
  ];
}

/** Failed checks are told with the rows; a run may be refused for its budget too, or for another run of its slot. */
function refusalFields({ run, quality }: RunReport): readonly Field[] {
  const { outcome, reasons }: { readonly outcome?: unknown; readonly reasons?: unknown } = Object(run.output);
  if (outcome !== 'refused' || !Array.isArray(reasons) || quality?.passed === false) return [];
  return reasons.map((reason, index): Field => [index === 0 ? 'refused' : '', String(reason)]);
}

function failureFields({ run }: RunReport): readonly Field[] {
  if (run.status !== 'FAILED') return [];
  const [first = '', ...lines] = (run.reason ?? run.cause ?? run.error ?? '').split('\n');
  return [['failed', first], ...lines.map((line): Field => ['', line])];
}

function nextStep({ run, model, quality }: RunReport): string {
  if (run.status === 'ABORTED') return 'the same command finishes the run: what is published is not computed again';
  if (quality !== null && !quality.passed) return 'correct the landing units named above, then the same command';
  if (run.status === 'FAILED' || Object(run.output).outcome === 'refused')
    return 'correct what is named above, then the same command';
  if (model === null) return `npx hundredfold runs show ${run.execution}`;
  return `npx hundredfold models show ${model.body.number}`;
}

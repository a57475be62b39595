import type { Receipt } from '../lib/contracts/ledger.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { formatUsd, usd } from '../lib/units/usd.ts';
import { listModels, type RegisteredModel, readModel, readModelReceipt } from '../local/models.ts';
import { defineCommand, type Terminal } from './command.ts';
import { EXIT } from './exit-code.ts';
import { formatCount, renderFields, renderTable } from './table.ts';

export const modelsCommand = defineCommand({
  name: 'models',
  summary: 'list the registered model versions; models show N tells one of them',
  positionals: '[show N]',
  options: { json: { kind: 'flag', summary: 'as JSON' } },
  details: 'A version never changes; what happens to it later is a log of events beside it.',
  run: async ({ options, positionals, directory, terminal }) => {
    const [verb, number, ...others] = positionals;
    if (verb === undefined) list(await listModels(directory), terminal, options);
    else if (verb === 'show' && number !== undefined && others.length === 0) {
      const model = await readModel(directory, versionNumber(number));
      show({ ...model, receipt: (await readModelReceipt(directory, model)) ?? null }, terminal, options);
    } else {
      throw usage(`models does not take ${positionals.map((word) => JSON.stringify(word)).join(' ')}`);
    }
    return EXIT.yes;
  },
});

function versionNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw usage(`${JSON.stringify(text)} is no version number`);
}

const usage = (message: string): UserError =>
  new UserError({ code: 'usage', message, resolution: 'write hundredfold models, or hundredfold models show N' });

interface Format {
  readonly json: boolean;
}

function list(models: readonly RegisteredModel[], terminal: Terminal, { json }: Format): void {
  if (json) {
    terminal.write(`${JSON.stringify({ version: 1, models }, undefined, 2)}\n`);
    return;
  }
  if (models.length === 0) {
    terminal.write('no models yet\nnext: npx hundredfold run\n');
    return;
  }
  const rows = models.map(({ body, status }) => [
    String(body.number),
    status,
    body.slot,
    body.metrics.test.pr_auc.toFixed(4),
    body.metrics.test.roc_auc.toFixed(4),
    body.baseRate.toFixed(4),
    body.execution,
  ]);
  const heading = ['version', 'status', 'slot', 'PR-AUC', 'ROC-AUC', 'base rate', 'run'];
  const table = renderTable([heading, ...rows], ['right', 'left', 'left', 'right', 'right', 'right', 'left']);
  terminal.write(`${table}\n\nnext: npx hundredfold models show ${models[0]?.body.number ?? 'N'}\n`);
}

interface ShownModel extends RegisteredModel {
  /** Of the run that registered it. */
  readonly receipt: Receipt | null;
}

function show(model: ShownModel, terminal: Terminal, { json }: Format): void {
  if (json) {
    terminal.write(`${JSON.stringify({ version: 1, ...model }, undefined, 2)}\n`);
    return;
  }
  const { body, receipt } = model;
  const blocks = [
    `version ${body.number} of ${body.pipeline}: ${model.status}`,
    renderFields([
      ['run', `${body.execution} (engine ${body.engine})`],
      [
        'code',
        `${body.revision.commit ?? 'no commit'}${body.revision.clean ? '' : ', with changes'}; jobs ${short(body.code.digest)}, lock ${short(body.code.lockDigest)}`,
      ],
      ['artifact', body.artifact.key],
      ['', `sha256 ${body.artifact.sha256}`],
      ['image', body.image],
      ['trial', `${body.trial.index}, seed ${body.seed}`],
      ['hyperparameters', hyperparametersOf(body.hyperparameters)],
      ['training set', body.trainingSet.fingerprint],
      ['features', `${body.inputSchema.length}, views ${body.featureViews.map(({ name }) => name).join(', ')}`],
      ['prices', `${body.prices.region}, compiled on ${body.prices.compiledOn}`],
      ['bound', `${formatUsd(usd(body.run.boundUsd))} at most`],
      ['receipt', receipt === null ? 'not yet settled' : `${formatUsd(usd(receipt.billedUsd))} billed`],
    ]),
    splitTable(model),
    metricTable(model),
    ...ablationTable(model),
    renderTable([
      ['#', 'event', 'by', 'why'],
      ...model.events.map(({ sequence, kind, by, why }) => [String(sequence), kind, by, why]),
    ]),
  ];
  terminal.write(`${blocks.join('\n\n')}\n`);
}

const short = (digest: string): string => digest.slice(0, 12);

const hyperparametersOf = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

function splitTable({ body }: RegisteredModel): string {
  const rows = (['train', 'validation', 'test'] as const).map((name) => {
    const split = body.trainingSet.splits[name];
    return [
      name,
      formatCount(split.rows),
      formatCount(split.positives),
      formatCount(split.purged),
      split.from ?? '',
      split.to ?? '',
    ];
  });
  return renderTable(
    [['split', 'rows', 'positives', 'purged', 'from', 'to'], ...rows],
    ['left', 'right', 'right', 'right'],
  );
}

function metricTable({ body }: RegisteredModel): string {
  const { validation, test } = body.metrics;
  const champion = body.evaluation.champion;
  const heading = ['metric', 'validation', 'test', champion === null ? '' : `champion ${champion.version} on test`];
  const rows = (['pr_auc', 'roc_auc', 'log_loss', 'brier', 'f1_weighted'] as const).map((metric) => [
    metric,
    validation[metric].toFixed(4),
    test[metric].toFixed(4),
    champion === null ? '' : champion.test[metric].toFixed(4),
  ]);
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = body.confusion;
  const confusion = `at threshold ${body.threshold.toFixed(4)}: ${formatCount(truePositives)} true and ${formatCount(falsePositives)} false positives, ${formatCount(falseNegatives)} false and ${formatCount(trueNegatives)} true negatives`;
  return `${renderTable([heading, ...rows], ['left', 'right', 'right', 'right'])}\nbase rate ${body.baseRate.toFixed(4)}; ${confusion}`;
}

/** What each group of features carries: how much worse the metrics are where its rows are shuffled. */
function ablationTable({ body: { ablation = [] } }: RegisteredModel): readonly string[] {
  if (ablation.length === 0) return [];
  const metrics = ['pr_auc', 'roc_auc', 'log_loss'] as const;
  const rows = ablation
    .toSorted((a, b) => b.drop.pr_auc - a.drop.pr_auc)
    .map(({ kind, name, features, drop }) => [
      kind === 'view' ? name : `${kind} features`,
      String(features.length),
      ...metrics.map((metric) => drop[metric].toFixed(4)),
    ]);
  const table = renderTable(
    [['what each view carries', 'features', ...metrics], ...rows],
    ['left', 'right', 'right', 'right', 'right'],
  );
  return [`${table}\nworse by so much on test where the rows of its features are shuffled`];
}

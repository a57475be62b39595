import type { DayReach } from '../lib/features/explain/day-reach.ts';
import type {
  DerivedFeature,
  ExplainedFeature,
  FeatureExplanation,
  RowFeature,
  ViewFeature,
} from '../lib/features/explain/explain-features.ts';
import { formatCount, renderFields, renderTable } from './table.ts';
import { withoutControls } from './wrap.ts';

/** The explanation for people: a block for each view, then the label's row, derived features, and the passes. */
export function renderExplanation({ pipeline, features, passes }: FeatureExplanation): string {
  const blocks = [
    `${pipeline}: ${counted(features.length, 'feature')}`,
    ...views(features).map(viewBlock),
    rowBlock(features.filter((feature) => feature.kind === 'label-row')),
    derivedBlock(features.filter((feature) => feature.kind === 'derived')),
    passesBlock(passes),
  ];
  return withoutControls(blocks.filter((block) => block !== '').join('\n\n'));
}

/** Features of views, view by view. */
function views(features: readonly ExplainedFeature[]): readonly (readonly [ViewFeature, ...ViewFeature[]])[] {
  const groups = new Map<string, [ViewFeature, ...ViewFeature[]]>();
  for (const feature of features) {
    if (feature.kind !== 'view') continue;
    const group = groups.get(feature.view);
    if (group === undefined) groups.set(feature.view, [feature]);
    else group.push(feature);
  }
  return [...groups.values()];
}

function viewBlock(features: readonly [ViewFeature, ...ViewFeature[]]): string {
  const [{ view, version, source, entity, where }] = features;
  const keys = entity.map(({ event, label }) => (event === label ? event : `${event} = label.${label}`)).join(', ');
  const rows = features.map((feature) => [
    `  ${feature.name}`,
    feature.function,
    feature.interval,
    feature.shape,
    shownReach(feature.reach),
  ]);
  const heading = ['  feature', 'function', 'rows that count at t', 'shape', 'days'];
  const aggregates = new Map(features.map((feature) => [feature.aggregate, remarks(feature)]));
  const said = [...aggregates].filter(([, remark]) => remark !== '');
  return [
    `${view} of ${source} by ${keys} (version ${version})`,
    renderTable([heading, ...rows], ['left', 'left', 'left', 'left', 'right']),
    renderFields([['rows', oneLine(where)], ...said]),
  ].join('\n');
}

/** What is said of an aggregate beside its rows. */
function remarks({ operand, scale, default: fallback }: ViewFeature): string {
  return [
    ...(operand === null ? [] : [oneLine(operand)]),
    ...(scale === 0 ? [] : [`scale ${scale}`]),
    ...(fallback === null ? [] : [`default ${fallback}`]),
  ].join('; ');
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

function rowBlock(features: readonly RowFeature[]): string {
  const [first] = features;
  if (first === undefined) return '';
  return `the label's own row of ${first.source}\n  ${features.map(({ name }) => name).join(', ')}`;
}

function derivedBlock(features: readonly DerivedFeature[]): string {
  if (features.length === 0) return '';
  return `derived, after defaults\n${renderFields(features.map(({ name, expression }) => [name, expression]))}`;
}

function passesBlock({ sources, joins, scans, shuffles, sorts }: FeatureExplanation['passes']): string {
  const read = sources.map(({ source, kind, scans: own, reach }) => [
    `  ${source}`,
    kind,
    formatCount(own),
    shownReach(reach),
  ]);
  const joined = joins.map(({ labelColumns, views: names, sorts: own }) => [
    `  ${labelColumns.join(', ')}`,
    names.join(', '),
    formatCount(own),
  ]);
  return [
    `passes: ${counted(scans, 'scan')}, ${counted(shuffles, 'shuffle')}, ${counted(sorts, 'sort')}`,
    renderTable([['  source', 'rows', 'scans', 'days'], ...read], ['left', 'left', 'right', 'right']),
    ...(joins.length === 0
      ? []
      : [renderTable([['  joined by', 'views', 'sorts'], ...joined], ['left', 'left', 'right'])]),
  ].join('\n');
}

const shownReach = (reach: DayReach): string => (reach === 'none' ? '-' : String(reach));

const counted = (count: number, what: string): string => `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;

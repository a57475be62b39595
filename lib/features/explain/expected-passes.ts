import type { FeatureViewProgram, SourceSchema, TrainingSetProgram } from '../../contracts/job-program.ts';
import { reachOf } from '../../definition/window.ts';
import { type DayReach, dayReach, furthest } from './day-reach.ts';

/** What the job reads of a source. */
export interface SourcePasses {
  readonly source: string;
  readonly kind: SourceSchema['kind'];
  /** One for each view, and one where its rows are the labels. */
  readonly scans: number;
  /** Days that the views reach back from a day of labels; the labels are read of their own days beside. */
  readonly reach: DayReach;
}

/** Views that are found by the same columns of the labels: they share one order of the labels. */
export interface JoinPasses {
  readonly labelColumns: readonly string[];
  readonly views: readonly string[];
  /** Of the labels, by these columns and time, and of each view's rows, by entity and event time. */
  readonly sorts: number;
}

/** Passes over the data that a set takes, whatever its size. */
export interface ExpectedPasses {
  readonly sources: readonly SourcePasses[];
  readonly joins: readonly JoinPasses[];
  readonly scans: number;
  /** On Spark: one brings rows together by entity, of all join keys at once, one labels and features by day. */
  readonly shuffles: number;
  readonly sorts: number;
}

const SHUFFLES = 2;

export function expectedPasses({ sources, views }: TrainingSetProgram): ExpectedPasses {
  const read = sources.map((source, index) => sourcePasses(source, views, index === 0 ? 1 : 0));
  const joins = joinPasses(views);
  return {
    sources: read,
    joins,
    scans: total(read.map(({ scans }) => scans)),
    shuffles: SHUFFLES,
    sorts: total(joins.map(({ sorts }) => sorts)),
  };
}

function sourcePasses(
  { name, kind }: SourceSchema,
  views: readonly FeatureViewProgram[],
  labelScans: number,
): SourcePasses {
  const own = views.filter(({ source }) => source === name);
  const reach = own.map(viewReach).reduce(furthest, 'none');
  return { source: name, kind, scans: own.length + labelScans, reach };
}

function viewReach(view: FeatureViewProgram): DayReach {
  const latest = view.aggregates.some(({ kind }) => kind === 'latest');
  const reaches = [...view.windows.map(reachOf), ...(latest ? [view.ttl] : [])];
  return reaches.map((reach) => dayReach(view, reach)).reduce(furthest, 'none');
}

function joinPasses(views: readonly FeatureViewProgram[]): readonly JoinPasses[] {
  const groups = new Map<string, FeatureViewProgram[]>();
  for (const view of views) {
    const key = JSON.stringify(labelColumnsOf(view));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [view]);
    else group.push(view);
  }
  return [...groups.values()].map((group) => ({
    labelColumns: group[0] === undefined ? [] : labelColumnsOf(group[0]),
    views: group.map(({ name }) => name),
    sorts: 1 + group.filter(({ timeless }) => !timeless).length,
  }));
}

const labelColumnsOf = ({ entity }: FeatureViewProgram): readonly string[] => entity.map(({ label }) => label);

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlByEngine } from '../../lib/contracts/job-program.ts';
import type { Workplace } from './workplace.ts';

/** What the other contenders are asked: `question.py` describes it. */
export interface Question {
  readonly files: readonly string[];
  readonly events: SqlByEngine;
  readonly labels: SqlByEngine;
  readonly carried: readonly string[];
  readonly views: readonly { readonly name: string; readonly entity: readonly string[] }[];
  readonly features: readonly {
    readonly name: string;
    readonly kind: 'count' | 'sum' | 'mean' | 'latest';
    readonly operand: string | null;
  }[];
  readonly windows: readonly { readonly suffix: string; readonly microseconds: number }[];
}

/** Columns of an answer, which all contenders write: the label's, what it carries, then the features. */
export function answerColumns({ carried, views, features, windows }: Question): readonly string[] {
  const named = views.flatMap((view) =>
    features.flatMap(({ name, kind }) => {
      const stem = `${view.name}__${name}`;
      return kind === 'latest' ? [stem] : windows.map(({ suffix }) => `${stem}_${suffix}`);
    }),
  );
  return ['label_time', 'known_time', 'label', ...carried, ...named];
}

/** SQL in both dialects: `MICROS(…)` is a timestamp's UTC microseconds. */
export const inBoth = (sql: string): SqlByEngine => ({
  duckdb: sql.replaceAll('MICROS(', 'epoch_us('),
  spark: sql.replaceAll('MICROS(', 'unix_micros('),
});

/** Path of the question's file. */
export function writeQuestion({ folder }: Workplace, name: string, question: Question): string {
  const path = join(folder, `${name}-question.json`);
  writeFileSync(path, JSON.stringify(question));
  return path;
}

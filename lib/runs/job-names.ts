export type SageMakerJobKind = 'trial' | 'evaluation';

/**
 * What the names of an execution's SageMaker jobs begin with: `<pipeline>-<execution>-`. The rest is `t<index>` or
 * `eval`, a hyphen and eight hexadecimal digits that differ with every try.
 */
export const jobNameStem = (pipeline: string, execution: string): string => `${pipeline}-${execution}-`;

/**
 * The names of all SageMaker jobs of a pipeline, as IAM writes patterns: `?` is one character, so that the jobs of
 * `flights-daily` are none of `flights`.
 */
export const jobNamePattern = (pipeline: string): string => jobNameStem(pipeline, '????-??-??T*').slice(0, -1);

/**
 * Which of an execution's jobs a name is; undefined where it is not one of them. A listing by a part of the name shows
 * the jobs of attempt 10 to attempt 1 as well.
 */
export function readJobName(name: string, stem: string): SageMakerJobKind | undefined {
  if (!name.startsWith(stem)) return undefined;
  const match = /^(?:t\d+|(eval))-[0-9a-f]{8}$/.exec(name.slice(stem.length));
  if (match === null) return undefined;
  return match[1] === undefined ? 'trial' : 'evaluation';
}

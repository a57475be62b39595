import type { Evaluation } from './evaluation.ts';

/** In the place of the account, which templates do not know: twelve digits, so that ARNs keep their shape. */
export const UNKNOWN_ACCOUNT = '000000000000';

type Resolve = (evaluation: Evaluation) => unknown;

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html (2026-11-20). */
const PSEUDO_PARAMETERS: ReadonlyMap<string, Resolve> = new Map<string, Resolve>([
  ['AWS::AccountId', ({ app }) => app.placeholders.mark('account', { kind: 'account' })],
  ['AWS::NoValue', () => undefined],
  [
    'AWS::NotificationARNs',
    (evaluation) =>
      evaluation.unknown(
        `notifications ${evaluation.stack.name}`,
        'deployment',
        'decided by the topics that the stack is deployed with',
      ),
  ],
  ['AWS::Partition', ({ app }) => partitionOf(app.region).name],
  ['AWS::Region', ({ app }) => app.region],
  [
    'AWS::StackId',
    ({ app, stack }) => {
      const address = `${stack.name}/AWS::StackId`;
      return app.placeholders.mark(`reference ${address}`, { kind: 'reference', address });
    },
  ],
  ['AWS::StackName', ({ stack }) => stack.name],
  ['AWS::URLSuffix', ({ app }) => partitionOf(app.region).suffix],
]);

export const isPseudoParameter = (name: string): boolean => PSEUDO_PARAMETERS.has(name);

export const pseudoParameter = (name: string, evaluation: Evaluation): unknown =>
  PSEUDO_PARAMETERS.get(name)?.(evaluation);

interface Partition {
  readonly name: string;
  readonly suffix: string;
}

/** Partitions by the prefix of their regions. */
const PARTITIONS: readonly (readonly [prefix: string, partition: Partition])[] = [
  ['cn-', { name: 'aws-cn', suffix: 'amazonaws.com.cn' }],
  ['us-gov-', { name: 'aws-us-gov', suffix: 'amazonaws.com' }],
  ['us-iso-', { name: 'aws-iso', suffix: 'c2s.ic.gov' }],
  ['us-isob-', { name: 'aws-iso-b', suffix: 'sc2s.sgov.gov' }],
];

const partitionOf = (region: string): Partition =>
  PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? { name: 'aws', suffix: 'amazonaws.com' };

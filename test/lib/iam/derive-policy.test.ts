import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ApiCall, type ApiName, NEEDS_BY_API, type ResourceKind, requestsOf } from '../../../lib/iam/api-call.ts';
import { derivePolicy } from '../../../lib/iam/derive-policy.ts';
import { evaluate } from '../../../lib/iam/evaluate.ts';
import type { PolicyDocument } from '../../../lib/iam/policy.ts';

const API_NAMES = Object.keys(NEEDS_BY_API) as readonly ApiName[];
const KINDS = [
  ...new Set(
    Object.values(NEEDS_BY_API)
      .flat()
      .map(({ on }) => on),
  ),
].filter((kind): kind is ResourceKind => kind !== null);

const isAllowed = (document: PolicyDocument, request: Parameters<typeof evaluate>[1]): boolean =>
  evaluate([{ name: 'Derived', document }], request).effect === 'Allow';

const resource = fc
  .tuple(fc.constantFrom('a', 'b', 'a/x', 'a/y'), fc.constantFrom('', '/*'))
  .map((parts) => parts.join(''));
const call = fc.record({
  api: fc.constantFrom(...API_NAMES),
  resources: fc.dictionary(fc.constantFrom(...KINDS), fc.uniqueArray(resource, { minLength: 1, maxLength: 3 }), {
    maxKeys: 6,
  }),
});
const calls = fc.array(call, { maxLength: 8 });

/** Tells by plain prefixes, apart from the evaluator, whether a call needs the request. */
const isNeeded = (derivedFrom: readonly ApiCall[], request: { action: string; resource: string }): boolean =>
  derivedFrom
    .flatMap((made) => requestsOf<string>(made))
    .some(
      (need) =>
        need.action === request.action &&
        (need.resource === request.resource ||
          (need.resource.endsWith('*') && request.resource.startsWith(need.resource.slice(0, -1)))),
    );

describe('derivePolicy', () => {
  it('allows every call that it was derived from', () => {
    fc.assert(
      fc.property(calls, (made) => {
        const document = derivePolicy(made);

        expect(
          made.flatMap((one) => requestsOf<string>(one)).filter((request) => !isAllowed(document, request)),
        ).toEqual([]);
      }),
    );
  });

  it('has no statement, action or resource that could be dropped', () => {
    fc.assert(
      fc.property(calls, (made) => {
        const document = derivePolicy(made);
        const requests = made.flatMap((one) => requestsOf<string>(one));

        for (const [place, statement] of document.Statement.entries()) {
          const others = document.Statement.filter((_, other) => other !== place);
          const smaller = [
            others,
            ...statement.Action.map((dropped) => [
              ...others,
              { ...statement, Action: statement.Action.filter((action) => action !== dropped) },
            ]),
            ...statement.Resource.map((dropped) => [
              ...others,
              { ...statement, Resource: statement.Resource.filter((one) => one !== dropped) },
            ]),
          ];
          for (const Statement of smaller) {
            const denied = requests.filter((request) => !isAllowed({ ...document, Statement }, request));
            expect(denied, JSON.stringify(Statement)).not.toEqual([]);
          }
        }
      }),
    );
  });

  it('allows nothing that no call needs', () => {
    const actions = [
      ...new Set(
        Object.values(NEEDS_BY_API)
          .flat()
          .map(({ action }) => action),
      ),
    ];
    const request = fc.record({
      action: fc.constantFrom(...actions, 's3:DeleteBucket', 'iam:CreateRole'),
      resource: fc.oneof(resource, fc.constantFrom('c', 'a/x/y', 'ab', '*')),
      context: fc.constantFrom<Readonly<Record<string, string>>>(
        {},
        { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
        { 'iam:PassedToService': 'glue.amazonaws.com' },
      ),
    });
    fc.assert(
      fc.property(calls, request, (made, asked) => {
        const document = derivePolicy(made);
        const fitsContext =
          asked.action !== 'iam:PassRole' ||
          ('iam:PassedToService' in asked.context &&
            asked.context['iam:PassedToService'] === 'sagemaker.amazonaws.com');

        expect(isAllowed(document, asked)).toBe(fitsContext && isNeeded(made, asked));
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same text for the same calls, and nothing more for a call made twice', () => {
    fc.assert(
      fc.property(calls, (made) => {
        const text = JSON.stringify(derivePolicy(made));

        expect(JSON.stringify(derivePolicy([...made, ...made]))).toBe(text);
      }),
    );
  });

  it('keeps resources that are tokens as they are, and merges equal ones', () => {
    const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

    const document = derivePolicy([
      { api: 'glue:StartJobRun', resources: { glueJob: [arn('Ingest')] } },
      { api: 'glue:GetJobRun', resources: { glueJob: [arn('Ingest')] } },
    ]);

    expect(document.Statement).toEqual([
      { Effect: 'Allow', Action: ['glue:StartJobRun', 'glue:GetJobRun'], Resource: [arn('Ingest')] },
    ]);
  });

  it.each([
    [['a*', 'a**'], ['a*']],
    [['a**', 'a*'], ['a**']],
    [['a?', 'a*'], ['a*']],
    [
      ['a?', 'ab'],
      ['a?', 'ab'],
    ],
    [['x/*', '*', 'x'], ['*']],
  ])('of the patterns %j keeps %j', (object, kept) => {
    const document = derivePolicy([{ api: 's3:GetObject', resources: { object } }]);

    expect(document.Statement.map(({ Resource }) => Resource)).toEqual([kept]);
  });

  it('passes a role to SageMaker alone', () => {
    const document = derivePolicy([
      { api: 'sagemaker:CreateTrainingJob', resources: { trainingJob: ['job'], role: ['role'] } },
    ]);

    expect(document.Statement).toContainEqual({
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: ['role'],
      Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { Chance } from './chance.ts';
import { addMachine } from './definition-forms.ts';
import { deploymentsOf } from './deployment.ts';
import { Draft } from './draft.ts';
import { generateCase, VARIED } from './generate-case.ts';

const TASTE = { size: 1, hasTraps: false, leavesDefaults: false, usesRanges: false, sharesConditions: false };
const DEFINITION = {
  StartAt: 'First',
  States: {
    First: {
      Type: 'Task',
      Resource: 'arn:«Ref:AWS::Partition»:states:::lambda:invoke',
      Parameters: { FunctionName: '«Arn:Work»', Payload: { topic: '«Ref:Topic»' } },
      End: true,
    },
  },
} as const;

describe('a deployed template', () => {
  it('has the same definition, whatever form it was given in', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed += 1) {
      const draft = new Draft(new Chance(seed), TASTE);
      addMachine(draft, DEFINITION, 'Main');
      const [deployment] = deploymentsOf(draft.template());
      seen.add(Object.keys(deployment?.resources.get('Main')?.Properties ?? {}).join());

      const state = deployment?.machines.get('Main')?.States['First'];

      expect(state?.Resource).toBe('arn:aws:states:::lambda:invoke');
      expect(state?.Parameters).toEqual({ FunctionName: '<Work.Arn>', Payload: { topic: '<Topic>' } });
    }
    expect(seen.size).toBe(4);
  });

  it('is one for each choice that parameters and conditions leave', () => {
    const deployments = deploymentsOf({
      Parameters: { Workers: { Type: 'Number', AllowedValues: [2, 5] }, Stage: { Type: 'String' } },
      Conditions: { IsLarge: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] }] } },
      Resources: {
        Job: {
          Type: 'AWS::Glue::Job',
          Properties: {
            NumberOfWorkers: { Ref: 'Workers' },
            Timeout: { 'Fn::If': ['IsLarge', 60, { Ref: 'AWS::NoValue' }] },
          },
        },
      },
    });

    expect(deployments.map(({ resources }) => resources.get('Job')?.Properties)).toEqual([
      { NumberOfWorkers: '2' },
      { NumberOfWorkers: '2', Timeout: 60 },
      { NumberOfWorkers: '5' },
      { NumberOfWorkers: '5', Timeout: 60 },
    ]);
  });

  it('is the same for the same seed', () => {
    expect(generateCase(11, VARIED)).toEqual(generateCase(11, VARIED));
    expect(generateCase(11, VARIED)).not.toEqual(generateCase(12, VARIED));
  });
});

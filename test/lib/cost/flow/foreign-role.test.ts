import { describe, expect, it } from 'vitest';
import { refuseForeignRole } from '../../../../lib/cost/flow/foreign-role.ts';
import { readWorkflow } from '../../../../lib/cost/workflow/read-workflow.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { boundsOf, costs } from '../../../support/cost-flow.ts';
import { templatesOf } from '../../../support/metered-call.ts';

const TEMPLATES = templatesOf({
  Role: { type: 'AWS::IAM::Role', properties: {} },
  Queue: { type: 'AWS::SQS::Queue', properties: {} },
});

const machine = (credentials: unknown) => ({
  StartAt: 'Work',
  States: { Work: { Type: 'Task', Resource: costs(1), Credentials: credentials, End: true } },
});

const problemsWith = (credentials: unknown): readonly string[] => {
  const scope = must(readWorkflow(machine(credentials), 'app/M').value, 'a definition');
  const state = scope.states.get('Work');
  const problems = state?.type === 'Task' ? refuseForeignRole(state, TEMPLATES) : [];
  return problems.map(({ code, at }) => `${code} ${at}`);
};

const REFUSED = ['unmetered-option app/M.States.Work.Credentials'];

describe('the role that a task takes on', () => {
  it.each([
    ['none', undefined],
    ['one of the templates', { RoleArn: '@{app/Role.Arn}' }],
  ])('may be %s', (_, credentials) => {
    expect(problemsWith(credentials)).toEqual([]);
  });

  it.each([
    ['of another account', { RoleArn: 'arn:aws:iam::222222222222:role/other' }],
    ['that a run decides', { 'RoleArn.$': '$.role' }],
    ['of an expression', '{% $role %}'],
    ['that is no role', { RoleArn: '@{app/Queue.Arn}' }],
  ])('is refused where it is one %s', (_, credentials) => {
    expect(problemsWith(credentials)).toEqual(REFUSED);
  });

  it('keeps the whole run from being bounded', () => {
    const { diagnostics } = must(boundsOf({ 'app/M': machine({ RoleArn: 'x' }) })('app/M'), 'a bound');
    expect(diagnostics.map(({ code, at }) => `${code} ${at}`)).toEqual(REFUSED);
  });
});

import { expect, it } from 'vitest';
import { assessCost } from '../../lib/cost/assess.ts';
import { must } from '../../lib/errors/fault.ts';
import { synthesized } from '../support/synthesized-example.ts';
import { openMarket, requestFor } from './attack.ts';
import { Battleground } from './battleground.ts';
import { Chance } from './chance.ts';
import { deploymentsOf } from './deployment.ts';
import { exhaust } from './exhaust.ts';
import { shippedBook } from './hand-made.ts';
import { meterCall } from './meters.ts';
import { walk } from './walk.ts';

const EXECUTED = ['AWS::StepFunctions::StateMachine', 'AWS::Lambda::Function', 'AWS::Glue::Job'];

it("spends all of the flights example's bound, and no more", () => {
  const market = openMarket(shippedBook());
  const stacks = synthesized();
  const all = stacks.flatMap(({ template }) => Object.entries(template.Resources));
  const Resources = Object.fromEntries(all.filter(([, { Type }]) => EXECUTED.includes(Type)));
  const [machine] = must(
    Object.entries(Resources).find(([, { Type }]) => Type === EXECUTED[0]),
    'a state machine',
  );
  const deployment = must(deploymentsOf({ Resources })[0], 'a deployment');
  const ground = new Battleground(deployment, market.prices);

  const { machines } = assessCost({
    ...requestFor({}, market),
    stacks: stacks.map(({ name, template }) => ({ stack: name, template: JSON.parse(JSON.stringify(template)) })),
  });

  const bound = must(machines[0], 'a bounded machine').usd;
  /** A rule settles each run once more when it ends, by an invocation that Lambda tries three times. */
  const settle = must(
    [...deployment.resources.keys()].find((id) => id.startsWith('WorkflowSettleRunFunction')),
    'the function that settles',
  );
  const call = { FunctionName: `<${settle}.Arn>`, InvocationType: 'Event' };
  const settled = meterCall('arn:aws:states:::lambda:invoke', call, deployment, market.prices);
  expect(exhaust(ground, machine) + (settled.kind === 'job' ? settled.most : 0n)).toBe(bound);
  const walks = Array.from({ length: 2_000 }, (_, seed) => walk(ground, machine, new Chance(seed), (seed % 11) / 10));
  expect(walks.every(({ spent }) => spent <= bound)).toBe(true);
});

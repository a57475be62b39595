import { expect, test } from 'vitest';
import { CoreSlots } from '../../../local/jobs/core-slots.ts';

test('jobs that start together share the cores, and the others wait for them', async () => {
  const gathered = Promise.withResolvers<void>();
  const slots = new CoreSlots(4, () => gathered.promise);
  const shares = ['a', 'b', 'c', 'd', 'e', 'f'].map(() => slots.acquire());

  gathered.resolve();
  const first = await Promise.all(shares.slice(0, 4));
  expect(first.map(({ cores }) => cores)).toEqual([1, 1, 1, 1]);

  for (const share of first) share.release();
  const rest = await Promise.all(shares.slice(4));
  expect(rest.map(({ cores }) => cores)).toEqual([1, 1]);
});

test('a job that starts alone has all cores, and two have half of them each', async () => {
  const slots = new CoreSlots(4, () => Promise.resolve());
  const alone = await slots.acquire();
  expect(alone.cores).toBe(4);
  alone.release();

  const pair = await Promise.all([slots.acquire(), slots.acquire()]);
  expect(pair.map(({ cores }) => cores)).toEqual([2, 2]);
});

test('a share that is released twice frees one place', async () => {
  const slots = new CoreSlots(1, () => Promise.resolve());
  const share = await slots.acquire();
  share.release();
  share.release();

  const next = await slots.acquire();
  const waiting = slots.acquire();
  const order: string[] = [];
  void waiting.then(() => order.push('waiting'));
  await Promise.resolve();
  expect(order).toEqual([]);
  next.release();
  await waiting;
});

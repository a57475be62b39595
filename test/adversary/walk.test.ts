import { describe, expect, it } from 'vitest';
import { Battleground } from './battleground.ts';
import { Chance } from './chance.ts';
import { deploymentsOf } from './deployment.ts';
import { exhaust } from './exhaust.ts';
import { generateCase, MAIN, VARIED } from './generate-case.ts';
import { shippedPrices } from './hand-made.ts';
import { walk } from './walk.ts';

describe('a random walk', () => {
  it('spends no more than the exhaustive search found, on machines of every shape', () => {
    const prices = shippedPrices();
    for (let seed = 1; seed <= 40; seed += 1) {
      for (const deployment of deploymentsOf(generateCase(seed, VARIED))) {
        const ground = new Battleground(deployment, prices);
        const most = exhaust(ground, MAIN);
        for (let round = 0; round < 50; round += 1) {
          const { spent } = walk(ground, MAIN, new Chance(round), round / 50);
          expect(spent <= most, `case ${seed}, walk ${round}`).toBe(true);
        }
      }
    }
  });

  it('is the same for the same seed', () => {
    const [deployment] = deploymentsOf(generateCase(3, VARIED));
    if (deployment === undefined) throw new Error('a template has a deployment');
    const ground = new Battleground(deployment, shippedPrices());

    expect(walk(ground, MAIN, new Chance(5), 0.5)).toEqual(walk(ground, MAIN, new Chance(5), 0.5));
  });
});

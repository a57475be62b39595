import type { Training } from '../definition/model.ts';
import type { Domain } from '../definition/search-space.ts';
import { fingerprint } from './fingerprint.ts';
import type { Plan } from './plan.ts';

/** Draws are rounded to these many significant digits, so that a text holds them exactly. */
const SIGNIFICANT_DIGITS = 6;

/**
 * The trials of a random search. Every draw is a function of seed, trial and parameter alone: another parameter or
 * another trial changes none of the others.
 */
export function drawTrials(training: Training): Plan['trials'] {
  return Array.from({ length: training.trials }, (_, index) => ({
    index,
    hyperparameters: hyperparametersOf(training, index),
  }));
}

function hyperparametersOf(training: Training, trial: number): Readonly<Record<string, string>> {
  const drawn = Object.entries(training.search).map(([parameter, domain]): [string, string] => [
    parameter,
    drawFrom(domain, uniformDraw(training.seed, trial, parameter)),
  ]);
  return {
    objective: training.objective,
    num_round: String(training.rounds),
    segment_rounds: String(training.spot?.segment.count ?? training.rounds),
    seed: String(training.seed),
    ...Object.fromEntries(Object.entries(training.parameters).map(([name, value]) => [name, String(value)])),
    ...Object.fromEntries(drawn),
  };
}

/** A number in `[0, 1)` with 52 random bits: a counter-based generator whose counter is what the draw is for. */
function uniformDraw(seed: number, trial: number, parameter: string): number {
  return Number.parseInt(fingerprint({ seed, trial, parameter }).slice(0, 13), 16) / 2 ** 52;
}

function drawFrom(domain: Domain, draw: number): string {
  switch (domain.kind) {
    case 'choice':
      return String(domain.values[Math.floor(draw * domain.values.length)]);
    case 'integers':
      return String(domain.min + Math.floor(draw * (domain.max - domain.min + 1)));
    case 'uniform':
      return rounded(domain.min + draw * (domain.max - domain.min), domain);
    case 'log-uniform':
      return rounded(domain.min * Math.exp(draw * Math.log(domain.max / domain.min)), domain);
  }
}

function rounded(value: number, { min, max }: { readonly min: number; readonly max: number }): string {
  return String(Math.min(max, Math.max(min, Number(value.toPrecision(SIGNIFICANT_DIGITS)))));
}

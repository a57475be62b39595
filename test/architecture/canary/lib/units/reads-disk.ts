import { readFileSync } from 'node:fs';
import { cost } from '../cost/looks-at-plan.ts';

export const text = (): string => readFileSync('x', 'utf8') + cost;

import { ACCEPTABLE_ASSUMPTIONS } from '../lib/cost/cost-context.ts';
import type { OptionTable } from './options.ts';

export const COST_OPTIONS = {
  template: { kind: 'list', value: 'FILE', summary: 'review this template, JSON; may be repeated' },
  app: {
    kind: 'value',
    value: 'DIR',
    summary: 'review what cdk synth wrote there; default: this project is synthesized',
  },
  base: { kind: 'value', value: 'PATH', summary: 'compare with another cdk.out, or another template' },
  budget: { kind: 'value', value: 'USD', summary: 'the most that a run may cost; default: what the templates declare' },
  'month-budget': { kind: 'value', value: 'USD', summary: 'the most that a month may cost' },
  region: { kind: 'value', value: 'REGION', summary: 'where the templates are deployed, if they do not say' },
  prices: { kind: 'value', value: 'FILE', summary: 'the price book; default: the region’s' },
  parameter: { kind: 'list', value: 'NAME=VALUE', summary: 'a value of a template parameter' },
  quantity: { kind: 'list', value: 'NAME=N', summary: 'units a month of a declared meter: makes it part of the month' },
  accept: {
    kind: 'list',
    value: 'NAME',
    summary: `rest the bound on an assumption: ${Object.keys(ACCEPTABLE_ASSUMPTIONS).join(', ')}`,
  },
  'interruptions-per-hour': { kind: 'value', value: 'X', summary: 'of a spot instance, for the expected cost' },
  'spot-saving': { kind: 'value', value: 'X', summary: 'share of the on-demand price that spot saves, 0 to below 1' },
  'checkpoint-seconds': { kind: 'value', value: 'N', summary: 'between two checkpoints, where the tasks do not say' },
  'restart-seconds': { kind: 'value', value: 'N', summary: 'that a spot job needs to start again, image and data' },
  full: { kind: 'flag', summary: 'every line of the bound, with the property that sets it' },
  json: { kind: 'flag', summary: 'as JSON, always one document' },
  markdown: { kind: 'flag', summary: 'for a pull request' },
  sarif: { kind: 'flag', summary: 'for code scanning, SARIF 2.1.0' },
} as const satisfies OptionTable;

export const COST_DETAILS = [
  'No execution and no month of these templates costs more, at the on-demand prices of the book, whatever fails or is',
  'retried. What cannot be bounded is named with the property to set; what AWS gives no cap for is declared.',
  '',
  'exit codes: 0 bounded and within the budgets, 1 the input cannot be read, 2 our fault, 3 over budget or unbounded',
  'example: npx hundredfold cost --app cdk.out --base ../main/cdk.out --markdown',
].join('\n');

import type { Command } from './command.ts';

/** A verb and how to load it: a command's code is read only when it is asked for, so that help is quick. */
interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'run',
    summary: 'run the synthesized state machine here, for a slot or a range of slots',
    load: async () => (await import('./run-command.ts')).runCommand,
  },
  {
    name: 'runs',
    summary: 'list the runs of this project; runs show ID tells one of them',
    load: async () => (await import('./runs-command.ts')).runsCommand,
  },
  {
    name: 'models',
    summary: 'list the registered model versions; models show N tells one of them',
    load: async () => (await import('./models-command.ts')).modelsCommand,
  },
  {
    name: 'audit',
    summary: 'audit a training set for values that could not have been known',
    load: async () => (await import('./audit-command.ts')).auditCommand,
  },
  {
    name: 'ledger',
    summary: "show a pipeline's ledger of months; ledger repair settles what ended runs still hold",
    load: async () => (await import('./ledger-command.ts')).ledgerCommand,
  },
  {
    name: 'explain',
    summary: 'explain features: of which rows each is, how it is computed, and the passes over the data',
    load: async () => (await import('./explain-command.ts')).explainCommand,
  },
  {
    name: 'cost',
    summary: 'bound what a run and a month can cost at most; show what a change moves',
    load: async () => {
      const [{ costCommandOf }, { assessCost }] = await Promise.all([
        import('./cost-command.ts'),
        import('../lib/cost/assess.ts'),
      ]);
      return costCommandOf(assessCost);
    },
  },
  {
    name: 'prices',
    summary: 'show the price book of a region; prices refresh reads it anew from AWS',
    load: async () => (await import('./prices-command.ts')).pricesCommand,
  },
  {
    name: 'guardrails',
    summary: "print the policy by which an account's owner makes the bound's assumptions true",
    load: async () => (await import('./guardrails-command.ts')).guardrailsCommand,
  },
];

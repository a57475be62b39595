import { Chance } from './chance.ts';
import { addMachine } from './definition-forms.ts';
import { Draft, type Taste } from './draft.ts';
import { generateMachine } from './generate-states.ts';

/** Logical id of the machine that is attacked. */
export const MAIN = 'Main';
export const STACK = 'app';

/** How large generated machines are, and what they may contain. */
export interface CaseKind extends Taste {
  readonly depth: number;
  /** Products of tries, items and laps stay below, about. */
  readonly room: number;
}

/** Larger machines with everything in them. */
export const VARIED: CaseKind = {
  size: 5,
  depth: 3,
  room: 24,
  hasTraps: false,
  usesRanges: true,
  leavesDefaults: false,
  sharesConditions: true,
};
/** The same with limits that are literals, or decided one by one: of these the bound is attained. */
export const EXACT: CaseKind = { ...VARIED, usesRanges: false, sharesConditions: false };
/** Machines small enough to try everything that can happen, whose limits are decided one by one. */
export const SMALL: CaseKind = { ...EXACT, size: 4, depth: 2, room: 8 };
/** Machines in which some loops do not end. */
export const TRAPPED: CaseKind = { ...SMALL, hasTraps: true, usesRanges: true };

/** The template of case number `seed`: the same one each time. */
export function generateCase(seed: number, kind: CaseKind): object {
  const chance = new Chance(seed);
  const draft = new Draft(chance, { ...kind, size: chance.between(1, kind.size) });
  const language = chance.pick('JSONata', 'JSONPath');
  const setting = {
    language,
    room: kind.room,
    depth: kind.depth,
    keepsInput: false,
    succeeds: false,
    numbers: [],
  } as const;
  addMachine(draft, generateMachine(draft, setting, draft.taste.size), MAIN);
  return draft.template();
}

import { addMachine } from './definition-forms.ts';
import type { Draft } from './draft.ts';
import { arnOf, generateCall, referenceTo } from './generate-calls.ts';
import { generateLoop } from './generate-loops.ts';
import { generateCatchers, generateRetriers } from './generate-recovery.ts';
import { type Exits, leave, ScopeDraft, type Setting } from './scope-draft.ts';
import type { RawScope, RawState } from './states-language.ts';

type Language = Setting['language'];

/** A whole scope of about `size` blocks of states. */
export function generateScope(parent: ScopeDraft, setting: Setting, size: number): RawScope {
  const scope = new ScopeDraft(parent.draft, setting);
  return scope.finish(generateSequence(scope, size, { after: null, further: [] }));
}

/** The definition of a state machine, references as `«Ref:…»`. */
export function generateMachine(draft: Draft, setting: Setting, size: number): RawScope {
  const scope = new ScopeDraft(draft, setting);
  return { QueryLanguage: setting.language, ...generateScope(scope, setting, size) };
}

/** Blocks of states, each leading to a later one; the name of the first. */
export function generateSequence(scope: ScopeDraft, size: number, exits: Exits): string {
  const { chance } = scope.draft;
  const entries = Array.from({ length: Math.max(1, size) }, () => scope.draft.fresh('State'));
  entries.forEach((entry, place) => {
    const [next, ...later] = entries.slice(place + 1);
    const further = [...later, ...exits.further];
    const [first, ...others] = further;
    const jump = first !== undefined && chance.happens(0.1) ? chance.pick(first, ...others) : undefined;
    generateBlock(scope, entry, { after: jump ?? next ?? exits.after, further });
  });
  return entries[0] ?? '';
}

function generateBlock(scope: ScopeDraft, entry: string, exits: Exits): void {
  const { chance } = scope.draft;
  const { depth, room } = scope.setting;
  const simple = [addTask, addTask, addTask, addTask, addPass, addWait, addChoice, addChoice] as const;
  const nested = depth > 0 && room > 1 ? [addParallel, addMap, addMap, addLoop, addLoop, addExecution] : [];
  const add = exits.after === null && chance.happens(0.15) ? addEnd : chance.pick(...simple, ...nested);
  add(scope, entry, exits);
}

/** The language of one state. */
function languageOf({ draft, setting }: ScopeDraft): Language {
  return setting.language === 'JSONPath' && draft.chance.happens(0.2) ? 'JSONata' : setting.language;
}

/** Query language, and how the input gets past the state where it has to: the result of a Map or Parallel is a list. */
function passage({ setting, draft }: ScopeDraft, language: Language, type: RawState['Type']): object {
  const named = language === setting.language ? {} : { QueryLanguage: language };
  const keepsInput = setting.keepsInput || type === 'Map' || type === 'Parallel';
  if (language === 'JSONata') return keepsInput ? { ...named, Output: '{% $states.input %}' } : named;
  const path = keepsInput ? draft.chance.pick(null, '$.result') : draft.chance.pick(undefined, null, '$.result');
  return path === undefined ? named : { ...named, ResultPath: path };
}

function recovery(scope: ScopeDraft, language: Language, exits: Exits, most: number): object {
  const { chance } = scope.draft;
  const targets = [...exits.further, ...(exits.after === null ? [] : [exits.after])];
  const place = language === 'JSONPath' && scope.setting.keepsInput ? { ResultPath: '$.error' } : {};
  const output = language === 'JSONata' && scope.setting.keepsInput ? { Output: '{% $states.input %}' } : {};
  const [retriers, catchers] = [generateRetriers(chance, most), generateCatchers(chance, targets)];
  return {
    ...(retriers.length === 0 ? {} : { Retry: retriers }),
    ...(catchers.length === 0 ? {} : { Catch: catchers.map((catcher) => ({ ...catcher, ...place, ...output })) }),
  };
}

function addTask(scope: ScopeDraft, name: string, exits: Exits): void {
  const language = languageOf(scope);
  const data = language === 'JSONata' ? '{% $states.input %}' : 'text';
  const { resource, parameters } = generateCall(scope.draft, { language, data, numbers: scope.setting.numbers });
  add(scope, name, language, exits, { Type: 'Task', Resource: resource, ...called(language, parameters) });
}

/** A task that starts an execution of another machine of the template. */
function addExecution(scope: ScopeDraft, name: string, exits: Exits): void {
  const { chance } = scope.draft;
  const language = languageOf(scope);
  const inner = { ...innerSetting(scope, 2), language: chance.pick('JSONata', 'JSONPath'), numbers: [] } as const;
  const machine = addMachine(scope.draft, generateMachine(scope.draft, inner, innerSize(scope)));
  const call = chance.pick('states:startExecution.sync:2', 'states:startExecution', 'aws-sdk:sfn:startExecution');
  const parameters = { StateMachineArn: chance.pick(arnOf(machine), referenceTo(machine)) };
  const task = { Type: 'Task', Resource: `arn:aws:states:::${call}`, ...called(language, parameters) } as const;
  add(scope, name, language, exits, task, 2);
}

function addLoop(scope: ScopeDraft, name: string, exits: Exits): void {
  generateLoop(scope, name, exits, (inner, further) =>
    generateSequence(inner, scope.draft.chance.between(1, 2), further),
  );
}

const called = (language: Language, parameters: object): object =>
  language === 'JSONata' ? { Arguments: parameters } : { Parameters: parameters };

/** A state that may be tried again, with its retriers, catchers and way on. */
function add(scope: ScopeDraft, name: string, language: Language, exits: Exits, state: RawState, most = 6): void {
  const recovers = recovery(scope, language, exits, Math.min(most, scope.setting.room));
  scope.add(name, { ...state, ...passage(scope, language, state.Type), ...recovers, ...leave(exits.after) });
}

function addPass(scope: ScopeDraft, name: string, exits: Exits): void {
  const language = languageOf(scope);
  const makes = language === 'JSONPath' && scope.draft.chance.happens(0.5);
  const result = makes ? { Result: { made: 1 }, ResultPath: '$.made' } : passage(scope, language, 'Pass');
  scope.add(name, { Type: 'Pass', ...result, ...leave(exits.after) });
}

function addWait(scope: ScopeDraft, name: string, exits: Exits): void {
  scope.add(name, { Type: 'Wait', Seconds: 60, ...leave(exits.after) });
}

function addEnd(scope: ScopeDraft, name: string): void {
  const isFailure = scope.draft.chance.happens(0.4) && !scope.setting.succeeds;
  scope.add(name, isFailure ? { Type: 'Fail', Error: 'Boom' } : { Type: 'Succeed' });
}

function addChoice(scope: ScopeDraft, name: string, exits: Exits): void {
  const { chance } = scope.draft;
  const language = languageOf(scope);
  const after = scope.target(exits.after);
  const rules = Array.from({ length: chance.between(1, 2) }, (_, place) => ({
    ...(language === 'JSONata'
      ? { Condition: `{% $states.input.kind = ${place} %}` }
      : { Variable: '$.kind', NumericEquals: place }),
    Next: chance.pick(after, ...exits.further),
  }));
  const named = language === scope.setting.language ? {} : { QueryLanguage: language };
  const otherwise = chance.happens(0.85) ? { Default: chance.pick(after, ...exits.further) } : {};
  scope.add(name, { Type: 'Choice', Choices: rules, ...named, ...otherwise });
}

function innerSetting(scope: ScopeDraft, times: number): Setting {
  const { language, room, depth, succeeds, numbers } = scope.setting;
  return {
    succeeds,
    language,
    depth: depth - 1,
    room: Math.max(1, Math.floor(room / times)),
    keepsInput: false,
    numbers,
  };
}

const innerSize = ({ draft }: ScopeDraft): number => draft.chance.between(1, Math.max(1, draft.taste.size - 1));

function addParallel(scope: ScopeDraft, name: string, exits: Exits): void {
  const language = languageOf(scope);
  const setting = innerSetting(scope, 2);
  const branches = Array.from({ length: scope.draft.chance.between(1, 3) }, () =>
    generateScope(scope, setting, innerSize(scope)),
  );
  add(scope, name, language, exits, { Type: 'Parallel', Branches: branches }, 2);
}

function addMap(scope: ScopeDraft, name: string, exits: Exits): void {
  const { chance } = scope.draft;
  const language = languageOf(scope);
  const count = chance.between(0, Math.min(5, scope.setting.room));
  const isDistributed = chance.happens(0.35);
  const inner = innerSetting(scope, Math.max(1, count));
  const setting = isDistributed
    ? { ...inner, numbers: [] }
    : { ...inner, succeeds: language === 'JSONPath' || inner.succeeds };
  const processor = generateScope(scope, setting, innerSize(scope));
  const width = chance.pick(undefined, 0, 1, 2, 3, 40);
  const { state, entry } = items(
    scope,
    language,
    name,
    isDistributed && count > 0 ? { read: count } : { given: count },
  );
  add(
    scope,
    entry,
    language,
    exits,
    {
      Type: 'Map',
      ...state,
      ItemProcessor: isDistributed ? { ...processor, ProcessorConfig: DISTRIBUTED } : processor,
      ...(width === undefined ? {} : { MaxConcurrency: width }),
      ...(isDistributed && chance.happens(0.2) ? { ToleratedFailurePercentage: 100 } : {}),
      ...(isDistributed && chance.happens(0.2) ? { ItemBatcher: { MaxItemsPerBatch: 2 } } : {}),
    },
    2,
  );
}

const DISTRIBUTED = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };

/** Items of which there are at most so many: a literal, a selection by a range, or a reader's own maximum. */
function items(
  scope: ScopeDraft,
  language: Language,
  name: string,
  count: { readonly read: number } | { readonly given: number },
): { readonly state: object; readonly entry: string } {
  if ('read' in count && (language === 'JSONPath' || scope.draft.chance.happens(0.5))) {
    const bucket = called(language, { Bucket: 'bucket' });
    const limit = { ReaderConfig: { MaxItems: count.read } };
    const reader = { Resource: 'arn:aws:states:::s3:listObjectsV2', ...bucket, ...limit };
    return { state: { ItemReader: reader }, entry: name };
  }
  const most = 'read' in count ? count.read : count.given;
  const literal = Array.from({ length: most }, (_, place) => ({ ...openFields(language), size: place }));
  if (language === 'JSONata') {
    const places = `{% [$filter([0..${most - 1}], function($place) { $place < $count($states.input.rows) })] %}`;
    const counted = { Items: places, ItemSelector: '{% $states.input %}' };
    return { state: most > 0 && scope.draft.chance.happens(0.5) ? counted : { Items: literal }, entry: name };
  }
  const map = scope.draft.fresh('State');
  scope.add(name, { Type: 'Pass', Parameters: { rows: literal }, ResultPath: `$.${map}`, Next: map });
  return { state: { ItemsPath: `$.${map}.rows` }, entry: map };
}

/** Fields of any value, for the Choices and Maps of the items. */
const openFields = (language: Language): object =>
  language === 'JSONata'
    ? { kind: '{% $states.input.kind %}', rows: '{% $states.input.rows %}' }
    : { 'kind.$': '$.kind', 'rows.$': '$.rows' };

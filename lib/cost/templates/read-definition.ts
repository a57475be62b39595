import type { Checked, Diagnostic } from '../../errors/diagnostic.ts';
import { must } from '../../errors/fault.ts';
import { type CostDiagnosticCode, costDiagnostic } from '../cost-diagnostic.ts';
import { isObject } from '../json-object.ts';
import { isUnresolved, reasonOf } from '../unresolved.ts';
import {
  markDynamicReferences,
  quoteBare,
  settleDefinitionText,
  substitute,
  textOfDefinition,
  writeReferences,
} from './definition-text.ts';
import { DEEPEST_NESTING, type Evaluation } from './evaluation.ts';
import { isScalar } from './intrinsics/intrinsic.ts';
import { findJsonFault, lineAndColumn } from './json-position.ts';
import { settle } from './settle.ts';
import type { MachineDefinition, TemplateResource } from './template-set.ts';

const FORMS = ['DefinitionString', 'Definition', 'DefinitionS3Location'] as const;

/** How much of a text before a fault is shown. */
const SHOWN_CHARACTERS = 40;

/** The text of a definition, or why there is none. */
type Text = { readonly text: string } | { readonly problem: Diagnostic };

/**
 * The definition of a state machine in one evaluation, from whichever property holds it.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html (2026-11-21).
 */
export function readDefinition(machine: TemplateResource, evaluation: Evaluation): Checked<MachineDefinition> {
  const { properties, address } = machine;
  const values = FORMS.map((form) => [form, evaluation.resolve(properties[form])] as const);
  const [first, ...others] = values.filter(([, value]) => value !== undefined);
  if (first === undefined || others.length > 0) return { diagnostics: [wrongForms(address, others.length)] };
  const [form, value] = first;
  const at = `${address}.Properties.${form}`;
  const written = writtenText(form, value, at, evaluation);
  if ('problem' in written) return { diagnostics: [written.problem] };
  const text = withSubstitutions(written.text, machine, evaluation);
  return 'problem' in text ? { diagnostics: [text.problem] } : parse(text.text, at, evaluation);
}

function wrongForms(address: string, others: number): Diagnostic {
  const message = others === 0 ? 'has no definition' : 'has several definitions';
  return refusal('malformed-definition', `${address}.Properties`, message, `set one of ${FORMS.join(', ')}`);
}

const refusal = (code: CostDiagnosticCode, at: string, message: string, fix: string): Diagnostic =>
  costDiagnostic(code, { at, message, fix });

const malformed = (at: string, message: string, fix: string): { readonly problem: Diagnostic } => ({
  problem: refusal('malformed-definition', at, message, fix),
});

function writtenText(form: (typeof FORMS)[number], value: unknown, at: string, evaluation: Evaluation): Text {
  switch (form) {
    case 'DefinitionString':
      return knownText(value, at, evaluation);
    case 'Definition':
      return isObject(value)
        ? { text: textOfDefinition(value, evaluation) }
        : notAn('an object', value, at, evaluation);
    case 'DefinitionS3Location':
      return isObject(value) ? textInS3(value['Key'], at, evaluation) : notAn('an object', value, at, evaluation);
  }
}

/** A text of which at least a part is written in the template. */
function knownText(value: unknown, at: string, evaluation: Evaluation): Text {
  const isOpen = evaluation.app.placeholders.meaningOf(value) !== undefined;
  return typeof value === 'string' && !isOpen ? { text: value } : notAn('a text', value, at, evaluation);
}

function notAn(expected: string, value: unknown, at: string, evaluation: Evaluation): { readonly problem: Diagnostic } {
  const settled = settle(value, evaluation);
  const fix = `set ${expected} that is written in the template`;
  if (isUnresolved(settled)) {
    const code = settled.decidedBy === 'input' ? 'malformed-definition' : 'deploy-time-limit';
    return { problem: refusal(code, at, `is ${reasonOf(settled)}`, fix) };
  }
  const isMarker = evaluation.app.placeholders.meaningOf(value) !== undefined;
  if (isMarker)
    return { problem: refusal('deploy-time-limit', at, `is ${String(settled)}, decided at deployment`, fix) };
  return malformed(at, `is not ${expected}`, fix);
}

function textInS3(key: unknown, at: string, evaluation: Evaluation): Text {
  const named = knownText(key, `${at}.Key`, evaluation);
  if ('problem' in named) return named;
  const settled = settle(named.text, evaluation);
  if (typeof settled !== 'string') return notAn('a text', key, `${at}.Key`, evaluation);
  const holder = [...evaluation.app.stacks.values()].find(({ assets }) => assets.has(settled));
  const text = holder?.assets.get(settled);
  if (text !== undefined) return { text };
  return malformed(at, `is the object '${settled}', which is no asset of the app`, 'give --app, so that it is found');
}

function withSubstitutions(text: string, machine: TemplateResource, evaluation: Evaluation): Text {
  const at = `${machine.address}.Properties.DefinitionSubstitutions`;
  const { DefinitionSubstitutions: written } = machine.properties;
  const values = evaluation.resolve(written) ?? {};
  if (!isObject(values)) return notAn('an object', values, at, evaluation);
  const wrong = Object.entries(values).find(([, value]) => !isScalar(value));
  if (wrong !== undefined) return malformed(`${at}.${wrong[0]}`, 'is not a text', 'set a text, a number or a boolean');
  const texts = Object.entries(values).map(([name, value]) => [name, String(value)] as const);
  const substituted = substitute(text, new Map(texts));
  if (substituted !== undefined) return { text: substituted };
  return malformed(at, 'has values that stand for each other without end', 'use values without placeholders');
}

function parse(text: string, at: string, evaluation: Evaluation): Checked<MachineDefinition> {
  const marked = markDynamicReferences(text, evaluation);
  const written = writeReferences(marked, evaluation);
  const known = written === undefined ? undefined : parseJson(written);
  if (known !== undefined && !isDeeperThan(DEEPEST_NESTING, known.json)) {
    return { value: { json: known.json, at }, diagnostics: [] };
  }
  // A placeholder without quotes is never JSON: where the text is, it has none.
  const parsed = parseJson(marked) ?? parseJson(quoteBare(marked));
  if (parsed === undefined) return { diagnostics: [notJson(quoteBare(marked), at, evaluation)] };
  if (isDeeperThan(DEEPEST_NESTING, parsed.json)) {
    const message = `is nested deeper than ${DEEPEST_NESTING} levels`;
    return { diagnostics: [refusal('malformed-definition', at, message, 'nest states less deeply')] };
  }
  return { value: { json: settle(parsed.json, evaluation, settleDefinitionText), at }, diagnostics: [] };
}

function parseJson(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function notJson(text: string, at: string, evaluation: Evaluation): Diagnostic {
  const { offset, found } = must(findJsonFault(text), 'a fault where JSON cannot be parsed');
  const before = evaluation.app.shown(text.slice(Math.max(0, offset - SHOWN_CHARACTERS), offset));
  const after = before === '' ? '' : `, after ${JSON.stringify(before)}`;
  const message = `is not JSON: there is ${evaluation.app.shown(found)} at ${lineAndColumn(text, offset)}${after}`;
  return refusal('malformed-definition', at, message, 'write it as JSON');
}

/** Whether lists and objects are nested in more than `levels` levels; looks no deeper. */
function isDeeperThan(levels: number, json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false;
  if (levels === 0) return true;
  for (const name in json) if (isDeeperThan(levels - 1, Reflect.get(json, name))) return true;
  return false;
}

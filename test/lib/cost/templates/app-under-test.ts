import { readTemplates } from '../../../../lib/cost/templates/read-templates.ts';
import type { StackTemplate, TemplateSet } from '../../../../lib/cost/templates/template-set.ts';
import { isUnresolved, reasonOf } from '../../../../lib/cost/unresolved.ts';
import type { Diagnostic } from '../../../../lib/errors/diagnostic.ts';
import { must } from '../../../../lib/errors/fault.ts';

/** A template whose resource `Job` has the property `Value`, beside a `Queue` to refer to. */
export function templateOf(value: unknown, sections: Readonly<Record<string, unknown>> = {}): unknown {
  const { Resources: others = {}, ...rest } = sections;
  return {
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue' },
      Job: { Type: 'AWS::Glue::Job', Properties: { Value: value } },
      ...(others as object),
    },
    ...rest,
  };
}

export interface Given {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly others?: readonly StackTemplate[];
}

export function read(template: unknown, { parameters = {}, others = [] }: Given = {}) {
  return readTemplates([{ stack: 'app', template }, ...others], { region: 'eu-west-1', parameters });
}

export const setOf = (template: unknown, given: Given = {}): TemplateSet => must(read(template, given).value, 'a set');

/** Every value that `Value` of `Job` can have; what is not known as `{ decidedBy, reason }`. */
export function valuesOf(
  value: unknown,
  sections: Readonly<Record<string, unknown>> = {},
  given: Given = {},
): unknown[] {
  const set = setOf(templateOf(value, sections), given);
  return set.variantsOf(must(set.find('app/Job'), 'the job'), ['Value']).map((variant) => plain(variant['Value']));
}

/** What is not known as an object that can be compared. */
export function plain(value: unknown): unknown {
  if (isUnresolved(value)) return { decidedBy: value.decidedBy, reason: reasonOf(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

export const shortly = ({ code, at, message }: Diagnostic): string => `${code} ${at}: ${message}`;

export const problemsOf = (template: unknown, given: Given = {}): string[] =>
  read(template, given).diagnostics.map(shortly);

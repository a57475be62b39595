import type { Diagnostic } from '../../errors/diagnostic.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { isObject } from '../json-object.ts';
import { markedAddress, type TemplateSet } from '../templates/template-set.ts';
import type { TaskState } from '../workflow/workflow.ts';

/**
 * Refuses a task that takes on a role which is not in the templates: it may be of another account, where a name is
 * that of another resource, with limits of its own.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html (2026-11-20).
 */
export function refuseForeignRole({ at, fields }: TaskState, templates: TemplateSet): readonly Diagnostic[] {
  const { Credentials: credentials } = fields;
  if (credentials === undefined || credentials === null) return [];
  const role = isObject(credentials) ? credentials['RoleArn'] : undefined;
  const address = typeof role === 'string' ? markedAddress(role) : undefined;
  if (address !== undefined && templates.find(address)?.type === 'AWS::IAM::Role') return [];
  return [
    costDiagnostic('unmetered-option', {
      at: `${at}.Credentials`,
      message: 'takes on a role that may be of another account, where names are those of other resources',
      fix: 'take on a role of the templates, or leave it out',
    }),
  ];
}

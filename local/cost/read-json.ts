import { readFile } from 'node:fs/promises';
import { type CostDiagnosticCode, costDiagnostic } from '../../lib/cost/cost-diagnostic.ts';
import type { Diagnostic } from '../../lib/errors/diagnostic.ts';
import { systemErrorCode } from '../state/system-error.ts';

/** A JSON file: its text and what it holds, or why it cannot be read. */
export type JsonFile =
  | { readonly kind: 'read'; readonly text: string; readonly json: unknown }
  | { readonly kind: 'unreadable'; readonly diagnostic: Diagnostic };

export interface UnreadableJson {
  /** What a text that is no JSON is called. */
  readonly code: CostDiagnosticCode;
  readonly fix: string;
}

/** @param at the path as the user named it */
export async function readJson(path: string, at: string, { code, fix }: UnreadableJson): Promise<JsonFile> {
  const unreadable = (message: string, kind: CostDiagnosticCode): JsonFile => ({
    kind: 'unreadable',
    diagnostic: costDiagnostic(kind, { at, message, fix }),
  });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return unreadable(`cannot be read: ${reasonOf(error)}`, 'unreadable-file');
  }
  try {
    return { kind: 'read', text, json: JSON.parse(text) };
  } catch (error) {
    return unreadable(`is no JSON: ${reasonOf(error)}`, code);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
};

export function reasonOf(error: unknown): string {
  const known = REASONS[systemErrorCode(error) ?? ''];
  return known ?? (error instanceof Error ? error.message : String(error));
}

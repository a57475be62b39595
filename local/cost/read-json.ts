import { readFile } from 'node:fs/promises';
import { type CostDiagnosticCode, costDiagnostic } from '../../lib/cost/cost-diagnostic.ts';
import type { Diagnostic } from '../../lib/errors/diagnostic.ts';
import { systemErrorCode } from '../state/system-error.ts';

/** A JSON file: its text and what it holds, or why it cannot be read; absent where there is no file of that name. */
export type JsonFile =
  | { readonly kind: 'read'; readonly text: string; readonly json: unknown }
  | { readonly kind: 'absent' | 'unreadable'; readonly diagnostic: Diagnostic };

export interface UnreadableJson {
  /** What a text that is no JSON is called. */
  readonly code: CostDiagnosticCode;
  readonly fix: string;
}

/**
 * Reads UTF-8, with a byte order mark or without.
 *
 * @param at the path as the user named it
 */
export async function readJson(path: string, at: string, { code, fix }: UnreadableJson): Promise<JsonFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const message = `cannot be read: ${reasonOf(error)}`;
    const kind = isAbsent(error) ? 'absent' : 'unreadable';
    return { kind, diagnostic: costDiagnostic('unreadable-file', { at, message, fix }) };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { kind: 'read', text, json: JSON.parse(text) };
  } catch (error) {
    return { kind: 'unreadable', diagnostic: costDiagnostic(code, { at, message: whyNoJson(error), fix }) };
  }
}

/** What is not text at all is not quoted. */
function whyNoJson(error: unknown): string {
  return error instanceof SyntaxError ? `is no JSON: ${error.message}` : 'is no JSON: it is not text in UTF-8';
}

const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '');

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
};

export function reasonOf(error: unknown): string {
  const known = REASONS[systemErrorCode(error) ?? ''];
  return known ?? (error instanceof Error ? error.message : String(error));
}

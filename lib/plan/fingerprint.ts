import { createHash } from 'node:crypto';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** `T` where each part of it has a JSON text of its own; interfaces too, which an index signature would refuse. */
export type JsonOf<T> = [T] extends [Json | undefined]
  ? T
  : T extends bigint | symbol | ((...parameters: never[]) => unknown)
    ? never
    : { readonly [Key in keyof T]: JsonOf<T[Key]> };

/** JSON with keys sorted by code unit and no white space: equal values give equal bytes on any machine. */
export function canonicalJson<T>(value: T & JsonOf<T>): string {
  return written(value);
}

function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${written(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256 of a text's UTF-8 bytes or of bytes, 64 hexadecimal digits. */
export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** The identity of a stage's work: the first 32 hexadecimal digits of the SHA-256 of its canonical JSON. */
export const fingerprint = <T>(parts: T & JsonOf<T>): string => sha256(canonicalJson(parts)).slice(0, 32);

/** What `$hash` offers. Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (2026-11-20). */
export const HASH_ALGORITHMS = ['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const;
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];

/** Lowercase hexadecimal digest of the text's UTF-8 bytes. */
export type Hash = (text: string, algorithm: HashAlgorithm) => string;

export const isHashAlgorithm = (name: unknown): name is HashAlgorithm =>
  HASH_ALGORITHMS.some((algorithm) => algorithm === name);

import { addUsd, scaleUsd, type Usd } from '../../units/usd.ts';

export const MEGABYTES_PER_GIGABYTE = 1_024;

/**
 * A cold start is billed as well, and is not part of the timeout; it ends after ten seconds, or starts again inside it.
 * Sources: https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase (2025-08-01),
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (2026-11-20).
 */
export const COLD_START_SECONDS = 10;

/** Name of the price of a GB-second on an architecture. */
export const lambdaPriceItem = (architecture: 'arm64' | 'x86_64'): string =>
  architecture === 'arm64' ? 'lambda.gb_second.arm' : 'lambda.gb_second.x86';

/** What an invocation is billed: memory times time, by the millisecond, and one request. */
export function lambdaUsd(memoryMb: number, milliseconds: number, pricePerGbSecond: Usd, pricePerRequest: Usd): Usd {
  return addUsd(
    scaleUsd(pricePerGbSecond, memoryMb * Math.ceil(milliseconds), MEGABYTES_PER_GIGABYTE * 1_000),
    pricePerRequest,
  );
}

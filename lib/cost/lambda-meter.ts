import { addUsd, scaleUsd, type Usd } from '../units/usd.ts';
import { type CostNode, leaf } from './cost-node.ts';
import { type PriceBook, priceOf } from './price-book.ts';
import type { Refusal } from './refusal.ts';
import type { TemplateResource } from './template.ts';

const MEGABYTES_PER_GIGABYTE = 1_024;

/** What an invocation is billed: memory times time, by the millisecond, and one request. */
export function lambdaUsd(memoryMb: number, milliseconds: number, pricePerGbSecond: Usd, pricePerRequest: Usd): Usd {
  return addUsd(
    scaleUsd(pricePerGbSecond, memoryMb * Math.ceil(milliseconds), MEGABYTES_PER_GIGABYTE * 1_000),
    pricePerRequest,
  );
}

/** The most that one invocation of the function can cost: its memory until its timeout. */
export function boundInvocation(lambda: TemplateResource, book: PriceBook): CostNode | readonly Refusal[] {
  const { MemorySize, Timeout, Architectures } = lambda.properties as Record<string, unknown>;
  const at = `${lambda.address}.Properties`;
  if (typeof MemorySize !== 'number' || typeof Timeout !== 'number') {
    return [
      {
        at: `${at}.Timeout`,
        message: `MemorySize is ${String(MemorySize)}, Timeout is ${String(Timeout)}`,
        fix: 'set both to literal numbers',
      },
    ];
  }
  const arm = Array.isArray(Architectures) && Architectures[0] === 'arm64';
  const price = priceOf(book, arm ? 'lambda.gb_second.arm' : 'lambda.gb_second.x86');
  const amount = lambdaUsd(MemorySize, Timeout * 1_000, price, priceOf(book, 'lambda.request'));
  return leaf(`${MemorySize} MB for at most ${Timeout} s`, `${at}.Timeout`, amount);
}

declare const brand: unique symbol;

/** An amount of US dollars, exact: a whole number of picodollars (10^-12 USD). */
export type Usd = bigint & { readonly [brand]: 'Usd' };

const PICODOLLARS_PER_DOLLAR = 1_000_000_000_000n;
const DECIMAL = /^(-?)(\d+)(?:\.(\d{1,12}))?$/;

/** Reads a decimal such as `6`, `'0.308'` or `0.0000166667`; more than twelve decimal places are refused. */
export function usd(amount: number | string): Usd {
  const text = typeof amount === 'number' ? plainDecimal(amount) : amount;
  const match = DECIMAL.exec(text);
  if (match === null)
    throw new RangeError(`amount == ${text}, must be a decimal with at most 12 places, such as 0.308`);
  const whole = BigInt(match[2] ?? '0') * PICODOLLARS_PER_DOLLAR;
  const fraction = BigInt((match[3] ?? '').padEnd(12, '0') || '0');
  return (match[1] === '-' ? -(whole + fraction) : whole + fraction) as Usd;
}

export const ZERO_USD = 0n as Usd;

export function addUsd(...amounts: readonly Usd[]): Usd {
  return amounts.reduce<bigint>((total, amount) => total + amount, 0n) as Usd;
}

export function subtractUsd(from: Usd, amount: Usd): Usd {
  return (from - amount) as Usd;
}

/** The greatest amount, or zero where there is none; amounts are bigints, which `Math.max` does not take. */
export function maxUsd(...amounts: readonly Usd[]): Usd {
  let greatest = ZERO_USD;
  for (const amount of amounts) {
    if (amount > greatest) greatest = amount;
  }
  return greatest;
}

/** `price * numerator / denominator`, rounded up to the next picodollar, so that an upper bound stays one. */
export function scaleUsd(price: Usd, numerator: bigint | number, denominator: bigint | number = 1n): Usd {
  const product = price * BigInt(numerator);
  const divisor = BigInt(denominator);
  const quotient = product / divisor;
  return (product % divisor > 0n ? quotient + 1n : quotient) as Usd;
}

/** The exact decimal, without trailing zeros: `usdToDecimal(usd('6.10'))` is `'6.1'`. */
export function usdToDecimal(amount: Usd): string {
  const magnitude = amount < 0n ? -amount : amount;
  const whole = magnitude / PICODOLLARS_PER_DOLLAR;
  const fraction = (magnitude % PICODOLLARS_PER_DOLLAR).toString().padStart(12, '0').replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** For people: rounded up to the cent, or to four places below ten cents: `$5.97`, `$0.0123`. */
export function formatUsd(amount: Usd): string {
  const places = amount !== 0n && amount < PICODOLLARS_PER_DOLLAR / 10n ? 4 : 2;
  const step = 10n ** BigInt(12 - places);
  const rounded = amount % step === 0n ? amount : amount - (amount % step) + (amount > 0n ? step : 0n);
  const [whole = '0', fraction = ''] = usdToDecimal(rounded as Usd).split('.');
  return `$${whole}.${fraction.padEnd(places, '0').slice(0, places)}`;
}

function plainDecimal(amount: number): string {
  const text = String(amount);
  return text.includes('e') ? amount.toFixed(12).replace(/\.?0+$/, '') : text;
}

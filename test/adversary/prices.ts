/** Dollars as whole picodollars (10^-12 USD), read and multiplied by the adversary itself. */
export interface Prices {
  readonly of: (item: string) => bigint;
}

/** Prices from a price book's JSON. */
export function readPrices(book: {
  readonly prices: readonly { readonly item: string; readonly usd: string }[];
}): Prices {
  const amounts = new Map(book.prices.map(({ item, usd }) => [item, picodollars(usd)]));
  return {
    of: (item) => {
      const amount = amounts.get(item);
      if (amount === undefined) throw new Error(`no price of ${item}`);
      return amount;
    },
  };
}

function picodollars(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(12, '0'));
}

/** What is billed for a quantity: part of a picodollar counts as one. */
export function billed(price: bigint, quantity: bigint, per: bigint): bigint {
  const amount = price * quantity;
  return amount % per === 0n ? amount / per : amount / per + 1n;
}

export function greatest(amounts: readonly bigint[]): bigint {
  let most = 0n;
  for (const amount of amounts) {
    if (amount > most) most = amount;
  }
  return most;
}

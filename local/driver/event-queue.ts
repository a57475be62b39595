/** Items in the order in which they arrive, for one reader. */
export class EventQueue<Item> {
  readonly #items: Item[] = [];
  #waiting: PromiseWithResolvers<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  push(item: Item): void {
    this.#items.push(item);
    this.#waiting?.resolve();
  }

  pushFirst(item: Item): void {
    this.#items.unshift(item);
    this.#waiting?.resolve();
  }

  /** The reader's next read throws. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#waiting?.resolve();
  }

  async next(): Promise<Item> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const item = this.#items.shift();
      if (item !== undefined) return item;
      this.#waiting = Promise.withResolvers();
      await this.#waiting.promise;
    }
  }
}

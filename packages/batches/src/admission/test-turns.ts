/** An entry of a simulated queue. */
export interface SimulatedEntry {
  readonly owner: string;
  readonly ofBatch: boolean;
}

/**
 * The order in which a queue gives out its entries, as `lua/bullmq/take-turn.lua` of the queue decides it, for entries of one priority:
 * each owner has one entry in each turn, never in one that has passed, and within a turn single jobs come first.
 */
export class SimulatedTurns<E extends SimulatedEntry> {
  readonly #waiting: { readonly entry: E; place: number; readonly order: number }[] = [];
  readonly #next = new Map<string, number>();
  #now = 1;
  #added = 0;

  get size(): number {
    return this.#waiting.length;
  }

  add(entry: E): void {
    const turn = Math.max(this.#now, this.#next.get(entry.owner) ?? 1);
    this.#next.set(entry.owner, turn + 1);
    this.#added += 1;
    const added = { entry, place: 2 * turn + (entry.ofBatch ? 1 : 0), order: this.#added };
    // A single job takes the turn of its owner's first item, that one the turn of the next, and so on.
    const items = this.#waiting
      .filter(({ entry: other }) => !entry.ofBatch && other.ofBatch && other.owner === entry.owner)
      .sort(byPlace);
    const turns = [...items.map(({ place }) => Math.floor(place / 2)), turn];
    added.place = 2 * (turns.shift() ?? turn) + (entry.ofBatch ? 1 : 0);
    for (const item of items) item.place = 2 * (turns.shift() ?? turn) + 1;
    this.#waiting.push(added);
  }

  take(): E | null {
    const [first] = this.#waiting.sort(byPlace);
    if (first === undefined) return null;
    this.#waiting.shift();
    this.#now = Math.max(this.#now, Math.floor((this.#waiting[0]?.place ?? first.place) / 2));
    return first.entry;
  }
}

const byPlace = (
  one: { readonly place: number; readonly order: number },
  other: { readonly place: number; readonly order: number },
): number => one.place - other.place || one.order - other.order;

/**
 * Does `work` on every item, in order, while the next item is already being made: at most `ahead` of them are worked on or
 * wait to be taken, and then no further one is asked for. What has been started goes on while the taker is busy.
 * @throws whatever the items or the work throw, the earliest item's first; by then nothing runs any more.
 */
export async function* workAhead<Item, Result>(
  items: AsyncIterator<Item, void>,
  work: (item: Item) => Promise<Result>,
  ahead: number,
): AsyncGenerator<Result, void> {
  const running: Promise<Result>[] = [];
  let asked: Promise<IteratorResult<Item, void>> | null = null;
  let isOver = false;
  try {
    while (true) {
      if (!isOver && running.length < ahead) asked ??= settled(items.next());
      const [oldest] = running;
      if (oldest === undefined && asked === null) return;
      const first = await Promise.race([
        ...(oldest ? [oldest.then((result) => ({ result }))] : []),
        ...(asked ? [asked.then((step) => ({ step }))] : []),
      ]);
      if ('result' in first) {
        running.shift();
        yield first.result;
        continue;
      }
      asked = null;
      if (first.step.done) isOver = true;
      else running.push(settled(work(first.step.value)));
    }
  } finally {
    await Promise.allSettled([asked, ...running]);
    await items.return?.();
  }
}

/** The same promise, whose failure may be looked at late. */
function settled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

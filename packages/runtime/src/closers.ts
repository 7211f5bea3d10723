/** What has been opened so far, and how each part of it is closed: last opened, first closed. */
export class Closers {
  readonly #parts: { readonly name: string; readonly close: () => unknown }[] = [];

  /** Remembers how to close what was just opened, and answers it, so that both stand in one line. */
  add<T>(name: string, opened: T, close: (opened: T) => unknown): T {
    this.#parts.push({ name, close: () => close(opened) });
    return opened;
  }

  /**
   * Closes every part once, one after the other. A part that cannot be closed does not keep the others open.
   * @throws Error naming the first such part, its error as the cause.
   */
  async closeAll(): Promise<void> {
    let failure: Error | undefined;
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      try {
        await part.close();
      } catch (cause) {
        failure ??= new Error(`${part.name} could not be closed: ${messageOf(cause)}`, { cause });
      }
    }
    if (failure !== undefined) throw failure;
  }
}

/**
 * Opens what consists of several parts. When one of them cannot be opened, those before it are closed again, so that a
 * failed start leaves nothing behind, and its error goes on as it is.
 * @returns what `open` answers; `closers` stay with it, for its own end.
 */
export async function openWithClosers<T>(open: (closers: Closers) => Promise<T>): Promise<T> {
  const closers = new Closers();
  try {
    return await open(closers);
  } catch (error) {
    // The error that stopped the start is the one to tell; what cannot be closed either goes with the process.
    await closers.closeAll().catch(() => undefined);
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

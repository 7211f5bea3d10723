interface Page {
  readonly nextCursor: string | null;
}

/** The items of all pages, each page fetched when it is needed. */
export async function* itemsOfPages<P extends Page, T>(
  fetchPage: (cursor: string | undefined) => Promise<P>,
  itemsOf: (page: P) => readonly T[],
  first?: string | undefined,
): AsyncGenerator<T, void> {
  let cursor = first;
  do {
    const page: P = await fetchPage(cursor);
    yield* itemsOf(page);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

import type { PartUpload, PartUploads } from './part-uploads.js';

/** What the guard of a marked store does around a call. */
export interface MarkerGuard {
  beforeUse(): Promise<void>;
  beforeWrite(): Promise<void>;
  /** An absence is told only when the marker was seen after it. */
  absent(): Promise<null>;
}

/** Uploads in parts of a store that knows which one it is. */
export function markedPartUploads(inner: PartUploads, guard: MarkerGuard): PartUploads {
  return {
    async begin(key) {
      await guard.beforeWrite();
      return inner.begin(key);
    },
    async sign(upload, part) {
      await guard.beforeUse();
      return inner.sign(upload, part);
    },
    async stored(upload) {
      await guard.beforeUse();
      return (await inner.stored(upload)) ?? guard.absent();
    },
    async join(upload, count) {
      await guard.beforeWrite();
      if (await inner.join(upload, count)) return true;
      await guard.absent();
      return false;
    },
    async abort(upload) {
      await guard.beforeWrite();
      await inner.abort(upload);
    },
    async *open(prefix): AsyncGenerator<PartUpload & { readonly since: Date }, void> {
      await guard.beforeUse();
      yield* inner.open(prefix);
    },
  };
}

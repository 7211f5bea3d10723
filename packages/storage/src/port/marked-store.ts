import { JobError, mintStoreId } from '@styleflow/contracts';
import { z } from 'zod';
import { MARKER_KEY } from '../keys/object-keys.js';
import { markedPartUploads } from './marked-part-uploads.js';
import type { ObjectFacts, ObjectStore, ReadObject, SignedUpload } from './object-store.js';
import type { PartUploads } from './part-uploads.js';
import type { StoreRegister } from './store-register.js';

/** A look at the marker is good for writes for so long. */
const LOOK_GOOD_FOR_MS = 5_000;

const MarkerSchema = z.object({ v: z.literal(1), store: z.string() });

export interface MarkedStoreOptions {
  /** Makes what the storage needs before its first object: only where nobody knows a store yet. */
  readonly make?: () => Promise<void>;
  /** Takes part in a storage that is there. */
  readonly join?: () => Promise<void>;
  /** The store's id, where another part of the process has identified it. */
  readonly id?: string | undefined;
}

/**
 * A store that knows which one it is, by a marker object with its id.
 *
 * Once it is identified, a store whose marker is missing or another's counts as away (JobError `storage_unavailable`): an
 * absence is told only when the marker was seen after it, and nothing is written when the marker was not seen within 5 s; `confirm` looks again after a write. So a
 * disk that is not mounted, a bucket that was emptied and a wrong prefix are outages, never "there is no such object".
 */
export class MarkedStore implements ObjectStore {
  readonly address: string;
  /** The storage itself, without the marker's guard. */
  readonly inner: ObjectStore;
  readonly parts: PartUploads;
  readonly #options: MarkedStoreOptions;
  #id: string | null;
  #register: StoreRegister | null = null;
  #identifying: Promise<string> | null = null;
  #seenAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | null = null;

  constructor(inner: ObjectStore, options: MarkedStoreOptions = {}) {
    this.inner = inner;
    this.address = inner.address;
    this.parts = markedPartUploads(inner.parts, {
      beforeUse: () => this.#beforeUse(),
      beforeWrite: () => this.#beforeWrite(),
      absent: () => this.#absent(),
    });
    this.#options = options;
    this.#id = options.id ?? null;
  }

  /** Null until it is identified. */
  get id(): string | null {
    return this.#id;
  }

  /**
   * Finds out that this is the store that the register knows. Where it knows none, this one becomes it: by the marker that it
   * has, or by a new one. May be repeated: a register that has forgotten is told again. Where it fails, every later use begins with
   * it again, so that a process may start while its store is away.
   * @throws JobError `storage_unavailable`, naming both, when it is another store or has lost its marker
   */
  identify(register: StoreRegister): Promise<string> {
    this.#register = register;
    this.#identifying ??= this.#identifyNow(register).finally(() => {
      this.#identifying = null;
    });
    return this.#identifying;
  }

  async #identifyNow(register: StoreRegister): Promise<string> {
    const at = performance.now();
    const known = await register.known();
    const isNew = this.#id === null && known?.isMarked !== true;
    if (isNew) await this.#options.make?.();
    else await this.#join(this.#id ?? known?.id ?? '');
    const found = await this.marker();
    const { id, isMarked } = known ?? (await register.remember(this.#id ?? found ?? mintStoreId()));
    // Another process that starts at the same time has written it since.
    const marker = isNew && isMarked ? await this.marker() : found;
    if (marker === null && isNew && !isMarked) {
      await this.inner.put(MARKER_KEY, printMarker(id), 'application/json');
    } else if (marker !== id) {
      throw this.#notKnown(id, marker);
    }
    if (!isMarked) await register.confirm(id);
    this.#id = id;
    this.#seenAt = at;
    return id;
  }

  /** The id in the marker; null without one. */
  async marker(): Promise<string | null> {
    const text = await this.inner.get(MARKER_KEY);
    if (text === null) return null;
    try {
      return MarkerSchema.parse(JSON.parse(text.toString('utf8'))).store;
    } catch (cause) {
      throw new JobError('storage_unavailable', `The marker of the object store ${this.address} cannot be read`, {
        cause,
      });
    }
  }

  async put(key: string, body: Uint8Array | string, contentType: string): Promise<void> {
    await this.#beforeWrite();
    await this.inner.put(key, body, contentType);
  }

  async putStream(
    key: string,
    body: AsyncIterable<Uint8Array>,
    options: { contentType: string; maxBytes?: number; signal?: AbortSignal },
  ): Promise<{ bytes: number; sha256: string }> {
    await this.#beforeWrite();
    return this.inner.putStream(key, body, options);
  }

  async get(key: string): Promise<Buffer | null> {
    await this.#beforeUse();
    return (await this.inner.get(key)) ?? this.#absent();
  }

  async getStream(key: string, signal?: AbortSignal): Promise<ReadObject | null> {
    await this.#beforeUse();
    return (await this.inner.getStream(key, signal)) ?? this.#absent();
  }

  async head(key: string): Promise<ObjectFacts | null> {
    await this.#beforeUse();
    return (await this.inner.head(key)) ?? this.#absent();
  }

  async *list(prefix: string): AsyncIterable<ObjectFacts> {
    await this.#beforeUse();
    for await (const facts of this.inner.list(prefix)) if (facts.key !== MARKER_KEY) yield facts;
    // What is not in the list counts as absent.
    await this.#absent();
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.#beforeWrite();
    await this.inner.delete(keys);
  }

  async deletePrefix(prefix: string): Promise<number> {
    await this.#beforeWrite();
    const deleted = await this.inner.deletePrefix(prefix);
    await this.#absent();
    return deleted;
  }

  async copy(from: string, to: string): Promise<boolean> {
    await this.#beforeWrite();
    if (await this.inner.copy(from, to)) return true;
    await this.#absent();
    return false;
  }

  async signUpload(key: string, options: Parameters<ObjectStore['signUpload']>[1]): Promise<SignedUpload> {
    await this.#beforeUse();
    return this.inner.signUpload(key, options);
  }

  async confirm(): Promise<void> {
    await this.#beforeUse();
    await this.#look();
  }

  async check(): Promise<void> {
    await this.#beforeUse();
    await this.#look();
    await this.inner.check();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  async #join(known: string): Promise<void> {
    try {
      await this.#options.join?.();
    } catch (cause) {
      const message = `The object store ${this.address}, which Redis knows as ${known}, is not there. Is its disk mounted?`;
      throw new JobError('storage_unavailable', message, { cause, details: { known, found: null } });
    }
  }

  async #absent(): Promise<null> {
    await this.#look();
    return null;
  }

  /** Without a register or an id it is nobody's, and not guarded. */
  async #beforeUse(): Promise<void> {
    if (this.#id === null && this.#register !== null) await this.identify(this.#register);
  }

  async #beforeWrite(): Promise<void> {
    await this.#beforeUse();
    if (performance.now() - this.#seenAt > LOOK_GOOD_FOR_MS) await this.#look();
  }

  /** A look that begins now or later: one under way may have read the marker before the caller found nothing. */
  async #look(): Promise<void> {
    if (this.#id === null) return;
    const underWay = this.#looking;
    if (underWay !== null) {
      await underWay.catch(() => undefined);
      // Of all who waited the first begins the next look, which the others share.
      if (this.#looking !== null) return this.#looking;
    }
    this.#looking = this.#lookNow(this.#id).finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #lookNow(id: string): Promise<void> {
    const at = performance.now();
    const marker = await this.marker();
    if (marker !== id) throw this.#notKnown(id, marker);
    this.#seenAt = at;
  }

  #notKnown(known: string, found: string | null): JobError {
    this.#seenAt = Number.NEGATIVE_INFINITY;
    const what =
      found === null ? 'it has no marker. Was it emptied, or is its disk not mounted?' : `its marker says ${found}.`;
    return new JobError(
      'storage_unavailable',
      `The object store ${this.address} is not the store ${known} that Redis knows: ${what}`,
      { details: { known, found } },
    );
  }
}

export function printMarker(id: string): string {
  return JSON.stringify({ v: 1, store: id } satisfies z.infer<typeof MarkerSchema>);
}

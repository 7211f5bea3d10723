import { JobError } from '@styleflow/contracts';
import { RateFloor } from '@styleflow/runtime';
import { limitsOf } from '../auth/key-limits.js';
import type { Pace } from '../http/read-body.js';
import type { ApiSettings } from '../ports/api-settings.js';

/** The rate is taken over spans of this length of waiting; the first is every sender's grace. */
const SPAN_MS = 30_000;
/** Where all slots are taken, who drips for so long gives his up. */
const DRIP_MS = 5_000;

/** A new floor under the rate of one upload. */
export function uploadFloor({ minUploadRate }: Pick<ApiSettings, 'minUploadRate'>): RateFloor {
  return new RateFloor({ minBytesPerSecond: minUploadRate, windowMs: SPAN_MS });
}

/** The place of one upload. */
export interface UploadSlot {
  /** Fires when it has to be given up. */
  readonly signal: AbortSignal;
  readonly watch: NonNullable<Pace['watch']>;
}

/** How many multipart bodies this process receives at once, and of one key: each holds connections to the client and to the store. */
export class UploadSlots {
  readonly #settings: ApiSettings;
  readonly #taken = new Set<TakenSlot>();

  constructor(settings: ApiSettings) {
    this.#settings = settings;
  }

  /**
   * Runs a task in a slot. Where all are taken, an upload that drips gives its own up.
   * @throws JobError `rate_limited` when all slots are taken, or all of this key.
   */
  async hold<T>(owner: string, task: (slot: UploadSlot) => Promise<T>): Promise<T> {
    const { maxUploads, minUploadRate } = this.#settings;
    const maxOfOwner = limitsOf(this.#settings, owner).uploadsAtOnce;
    const instead = 'try again soon, or use POST /v1/uploads, which goes past the API';
    const ofOwner = [...this.#taken].filter((slot) => slot.owner === owner);
    if (ofOwner.length >= maxOfOwner && !giveUp(ofOwner)) {
      throw new JobError('rate_limited', `${maxOfOwner} uploads of this key are on their way already; ${instead}.`);
    }
    if (this.#open >= maxUploads && !giveUp([...this.#taken])) {
      throw new JobError('rate_limited', `${maxUploads} uploads are on their way already; ${instead}.`);
    }
    const slot = new TakenSlot(owner, minUploadRate);
    this.#taken.add(slot);
    try {
      return await task(slot);
    } finally {
      this.#taken.delete(slot);
    }
  }

  get #open(): number {
    return [...this.#taken].filter(({ signal }) => !signal.aborted).length;
  }
}

function giveUp(slots: readonly TakenSlot[]): boolean {
  const dripping = slots.find((slot) => slot.drips());
  dripping?.giveUp();
  return dripping !== undefined;
}

class TakenSlot implements UploadSlot {
  readonly owner: string;
  readonly #minRate: number;
  readonly #gone = new AbortController();
  #waitingSince: number | undefined;
  #bytes = 0;
  #waitedMs = 0;
  #wasSlow = false;

  constructor(owner: string, minRate: number) {
    this.owner = owner;
    this.#minRate = minRate;
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  readonly watch = {
    waits: (): void => {
      this.#waitingSince = performance.now();
    },
    came: (bytes: number, waitedMs: number): void => {
      this.#waitingSince = undefined;
      this.#bytes += bytes;
      this.#waitedMs += waitedMs;
      if (this.#waitedMs < DRIP_MS) return;
      this.#wasSlow = this.#bytes * 1000 < this.#minRate * this.#waitedMs;
      this.#bytes = 0;
      this.#waitedMs = 0;
    },
  };

  /** Now, or in its last whole span. */
  drips(): boolean {
    if (this.signal.aborted || this.#minRate === 0) return false;
    const silentMs = this.#waitingSince === undefined ? 0 : performance.now() - this.#waitingSince;
    return silentMs >= DRIP_MS || this.#wasSlow;
  }

  giveUp(): void {
    this.#gone.abort(
      new JobError('rate_limited', 'All uploads are taken, and this one came too slowly to keep its place; try again.'),
    );
  }
}

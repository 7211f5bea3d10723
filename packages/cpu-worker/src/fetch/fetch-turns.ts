import { JobError, type Source } from '@styleflow/contracts';
import type { JobLists, TargetPlace, TargetPlaces } from '@styleflow/queue';
import type { FetchTarget } from '@styleflow/sources';

/** What one fetch holds while it runs. */
export interface FetchTurn {
  /** Before each connection; the places of the one before are given back. @throws JobError with `away: turn` when none is free */
  connect(target: FetchTarget): Promise<void>;
  /** May be repeated. */
  release(): Promise<void>;
}

export interface FetchTurnsOptions {
  readonly targetPlaces: TargetPlaces;
  readonly lists: Pick<JobLists, 'countUnfinished'>;
  readonly maxPerHost: number;
  /** Sources that this worker fetches at once. */
  readonly fetches: number;
}

/**
 * Whose turn it is to fetch: no host gets more connections than is decent, from all workers together, and no owner holds more than
 * half of a worker's fetches while others have jobs. Whose turn it is not waits in the queue, where it costs nobody a place.
 */
export class FetchTurns {
  readonly #options: FetchTurnsOptions;
  readonly #byOwner = new Map<string, number>();

  constructor(options: FetchTurnsOptions) {
    this.#options = options;
  }

  /**
   * Takes nothing else than places, so that a wait for them costs next to nothing.
   * @throws JobError `source_unreachable` with `away: turn`
   */
  async take(owner: string, source: Source): Promise<FetchTurn> {
    const { lists, fetches } = this.#options;
    const held = this.#byOwner.get(owner) ?? 0;
    this.#byOwner.set(owner, held + 1);
    const places = new Map<string, TargetPlace>();
    let isReleased = false;
    const release = async (): Promise<void> => {
      if (isReleased) return;
      isReleased = true;
      this.#leave(owner);
      await Promise.all([...places.values()].map((place) => place.release()));
    };
    try {
      if (held >= Math.ceil(fetches / 2) && (await lists.countUnfinished()) > (await lists.countUnfinished(owner))) {
        throw notYet('Half of what this worker fetches is of the same owner already, and others wait');
      }
      const host = hostOf(source);
      if (host !== null) await this.#hold(places, [host]);
    } catch (error) {
      await release();
      throw error;
    }
    return { connect: (target) => this.#hold(places, targetsOf(target)), release };
  }

  /** Holds a place of each of these and of nothing else. */
  async #hold(places: Map<string, TargetPlace>, targets: readonly string[]): Promise<void> {
    const { targetPlaces, maxPerHost } = this.#options;
    for (const [target, place] of places) {
      if (targets.includes(target)) continue;
      places.delete(target);
      await place.release();
    }
    for (const target of targets) {
      if (places.has(target)) continue;
      const place = await targetPlaces.take(target, maxPerHost);
      if (place === null) {
        throw notYet(`All ${maxPerHost} connections to ${target} are taken (STYLEFLOW_MAX_FETCHES_PER_HOST)`);
      }
      places.set(target, place);
    }
  }

  #leave(owner: string): void {
    const held = this.#byOwner.get(owner) ?? 0;
    if (held <= 1) this.#byOwner.delete(owner);
    else this.#byOwner.set(owner, held - 1);
  }
}

const notYet = (sentence: string): JobError => new JobError('source_unreachable', sentence, { away: 'turn' });

/** A host by its name, and by one address: many names may lead to one machine. */
function targetsOf({ host, addresses }: FetchTarget): string[] {
  const [first] = [...addresses].sort();
  return [...new Set(first === undefined ? [host] : [host, first])];
}

/** Null for a source in a store of ours, and for what is no address: the fetch says what is wrong with it. */
function hostOf(source: Source): string | null {
  return source.type === 'url' && URL.canParse(source.url) ? new URL(source.url).hostname : null;
}

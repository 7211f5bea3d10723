/** What Redis remembers of the object store. */
export interface KnownStore {
  readonly id: string;
  /** False from when the id was minted until the store has its marker. */
  readonly isMarked: boolean;
}

/**
 * Which object store belongs to this Redis, so that an emptied store and a wrong one are told apart from it.
 * An outage is JobError `queue_unavailable`.
 */
export interface StoreRegister {
  known(): Promise<KnownStore | null>;
  /** Remembers this id unless another one is remembered; answers the one that is. */
  remember(id: string): Promise<KnownStore>;
  /** The store has its marker. */
  confirm(id: string): Promise<void>;
  /** From now on another store belongs to this Redis: an operator's decision. */
  replace(id: string): Promise<void>;
}

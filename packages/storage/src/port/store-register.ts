/** What is remembered of the store outside of it. */
export interface KnownStore {
  readonly id: string;
  /** False from when the id was minted until the store has its marker: then, and only then, may the marker be written. */
  readonly isMarked: boolean;
}

/** Where the id of the one store is remembered, by which an emptied store and a wrong one are told apart: Redis. */
export interface StoreRegister {
  known(): Promise<KnownStore | null>;
  /** Remembers this id unless another one is remembered; answers the one that is. */
  remember(id: string): Promise<KnownStore>;
  /** The store has its marker. */
  confirm(id: string): Promise<void>;
}

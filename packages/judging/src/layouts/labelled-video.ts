/** A video whose truth is known. */
export interface LabelledVideo {
  /** Unique in the list: the path below the folder, or what the manifest calls it. */
  readonly id: string;
  /** A path, counted from the folder or the manifest, or an address. */
  readonly source: string;
  readonly isFake: boolean;
  readonly dataset: string;
  /** How a fake was made; null for real videos and where nobody says. */
  readonly method: string | null;
  readonly split: string | null;
  /** `raw`, `c23` and the like. */
  readonly compression: string | null;
}

export interface LabelledList {
  readonly videos: readonly LabelledVideo[];
  /** Sentences on what was chosen, left out or odd. */
  readonly notes: readonly string[];
}

export interface ListChoice {
  /** `all`, or one of those that the data set knows; without it the test split, where there is one. */
  readonly split?: string | undefined;
  readonly compression?: string | undefined;
}

/** The text of a file below the folder. */
export type FolderReader = (path: string) => Promise<string>;

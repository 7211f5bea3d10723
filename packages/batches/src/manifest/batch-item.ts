import type { GivenOptions, LabelColumn, SubmittedSource } from '@styleflow/contracts';

/** A row of a manifest without a fault. */
export interface ManifestItem {
  /** Where it stands, for faults that show later. */
  readonly line: number;
  readonly id: string;
  readonly source: SubmittedSource;
  readonly options: GivenOptions;
  readonly labels: Readonly<Partial<Record<LabelColumn, string>>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A row as it was written: by the names of its columns. What is empty is left out. */
export interface ManifestRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

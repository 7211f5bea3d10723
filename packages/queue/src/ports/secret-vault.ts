/** Boxes by the names of the secrets in them. Without the key nobody can open one. */
export type SealedSecrets = Readonly<Record<string, string>>;

/**
 * Secrets of jobs and batches: sealed, kept apart from the record, opened by the one who uses them.
 *
 * Promises: a box opens only for whom and under which name it was sealed; what is erased is gone from Redis at once; no secret
 * and no key stands in an error. The archive gets nothing of a job's: a Redis that forgets loses them. Those of a batch and its
 * items lie sealed beside it in the store.
 * Leaves out: when a secret is sealed along with a new job (`NewJob.secrets`), and that the end of a job erases `source`, which
 * the records do in their own steps.
 * An outage is JobError `queue_unavailable`.
 */
export interface SecretVault {
  /** Whether this process has a key, without which it seals nothing. */
  readonly hasKey: boolean;
  /**
   * Makes a box without keeping it. `of` is the id of a job or batch.
   * @throws JobError `internal` without a key: ask `hasKey` before
   */
  seal(of: string, name: string, secret: string): string;
  /** Keeps boxes; of a job that is being made `JobRecords.create` does it. */
  keep(of: string, boxes: SealedSecrets): Promise<void>;
  /**
   * The secret; null when it is not there (any more).
   * @throws JobError `internal` for one that was sealed with a key that this process lacks, or was tampered with
   */
  open(of: string, name: string): Promise<string | null>;
  /**
   * The secret in a box that is kept elsewhere, as that of a batch's item.
   * @throws JobError `internal`, as `open`
   */
  unseal(of: string, name: string, box: string): string;
  /** Erases all secrets, or those of these names. */
  erase(of: string, names?: readonly string[]): Promise<void>;
}

export interface NewUpload {
  readonly uploadId: string;
  readonly owner: string;
  /** 0 where they are not known yet. */
  readonly bytes: number;
  readonly expiresInSeconds: number;
  /** Of an upload in parts. */
  readonly parts?: UploadParts | undefined;
}

/** How an upload comes in parts. */
export interface UploadParts {
  /** What the store calls it. */
  readonly ref: string;
  /** Length of each part but the last. */
  readonly bytes: number;
}

/** An upload that may be submitted, or will be. */
export interface OpenUpload {
  /** 0 where they are not known. */
  readonly bytes: number;
  readonly keptUntil: Date;
  readonly parts: UploadParts | null;
}

/** Limits of one owner; absent: none. */
export interface UploadQuota {
  readonly openUploads?: number | undefined;
  /** Of uploads and of what jobs keep, together. */
  readonly storedBytes?: number | undefined;
}

/**
 * Whose an upload is, from when it was asked for until it is submitted, given up or has expired.
 * An outage is JobError `queue_unavailable`.
 */
export interface UploadClaims {
  /**
   * Uploads are owned by a key until they expire; their bytes count among what it has stored.
   * @throws JobError `rate_limited` beyond its quota
   */
  openUpload(upload: NewUpload, quota?: UploadQuota): Promise<void>;
  ownsUpload(uploadId: string, owner: string): Promise<boolean>;
  /** Null where it is not this owner's (any more), or was submitted. */
  readUpload(uploadId: string, owner: string): Promise<OpenUpload | null>;
  /** Keeps it for so long from now, if that is longer. False where it is not this owner's (any more). */
  renewUpload(uploadId: string, owner: string, seconds: number): Promise<boolean>;
  /** It is nobody's any more and counts nowhere. False where it was not this owner's. */
  closeUpload(uploadId: string, owner: string): Promise<boolean>;
  /** Which of these uploads are somebody's. */
  openAmong(uploadIds: readonly string[]): Promise<ReadonlySet<string>>;
}

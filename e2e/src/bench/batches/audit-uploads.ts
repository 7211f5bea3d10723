/** One file of a command line that was killed in the middle and started again. */
export interface SentFile {
  readonly name: string;
  readonly sha256: string;
}

export interface UploadsEvidence {
  readonly files: readonly SentFile[];
  /** By file: the upload that the command line had noted as whole when it was killed. */
  readonly notedAtTheKill: ReadonlyMap<string, string>;
  /** Uploads that lay whole in the store just after the kill. */
  readonly wholeAtTheKill: ReadonlySet<string>;
  /** Items of the batch in the end: which upload became which item, and the digest of what the store has of it. */
  readonly items: readonly { readonly id: string; readonly uploadId: string; readonly sha256: string | null }[];
  /** Uploads that the store has besides those of the items. */
  readonly leftUploads: readonly string[];
  /** Files on their way at once. */
  readonly parallel: number;
}

export interface UploadFinding {
  readonly kind: UploadFindingKind;
  readonly says: string;
}

const UPLOAD_FINDING_KINDS = {
  'sent-twice': 'a file that was noted as whole was sent again',
  'lost-file': 'a file is no item of the batch',
  'doubled-file': 'a file is several items of the batch',
  'other-bytes': 'the store has other bytes of an item than its file',
  'unnoted-upload': 'more uploads were whole and not noted at the kill than were on their way',
  'left-upload': 'the store keeps an upload that nobody names and that was not on its way at the kill',
} as const;
export type UploadFindingKind = keyof typeof UPLOAD_FINDING_KINDS;

export interface UploadsAudit {
  readonly findings: readonly UploadFinding[];
  readonly notedAtTheKill: number;
  /**
   * Whole in the store, while their answer had not come to the command line before it was killed: it cannot know of them and sends
   * these again.
   */
  readonly wholeWithoutAnswer: number;
}

/** Compares what a command line had noted with what its batch was made of. Pure. */
export function auditUploads(evidence: UploadsEvidence): UploadsAudit {
  const { files, notedAtTheKill, wholeAtTheKill, items, leftUploads, parallel } = evidence;
  const findings: UploadFinding[] = [];
  const find = (kind: UploadFindingKind, says: string): void => void findings.push({ kind, says });
  const noted = new Set(notedAtTheKill.values());
  for (const { name, sha256 } of files) {
    const own = items.filter(({ id }) => id === name);
    const [item] = own;
    if (item === undefined) find('lost-file', name);
    if (own.length > 1) find('doubled-file', `${name}: ${own.length} items`);
    if (item !== undefined && item.sha256 !== sha256) find('other-bytes', `${name}: ${item.sha256 ?? 'nothing'}`);
    const before = notedAtTheKill.get(name);
    if (before !== undefined && item !== undefined && item.uploadId !== before) {
      find('sent-twice', `${name}: ${before}, then ${item.uploadId}`);
    }
  }
  const unanswered = [...wholeAtTheKill].filter((upload) => !noted.has(upload));
  if (unanswered.length > parallel) find('unnoted-upload', `${unanswered.length}, with ${parallel} at once`);
  for (const upload of leftUploads) if (!unanswered.includes(upload)) find('left-upload', upload);
  return { findings, notedAtTheKill: noted.size, wholeWithoutAnswer: unanswered.length };
}

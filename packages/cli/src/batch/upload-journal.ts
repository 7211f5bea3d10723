import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const EntrySchema = z.object({
  path: z.string(),
  size: z.int(),
  mtimeMs: z.number(),
  sha256: z.string(),
  uploadId: z.string(),
  /** Until when the upload may be named by a batch. */
  expiresAt: z.iso.datetime(),
  /** False of one that goes in parts, of which not all are known to be there. */
  isWhole: z.boolean().default(true),
});
export type JournalEntry = z.infer<typeof EntrySchema>;

/**
 * Remembers which files of one submission have been uploaded, so that the same command, started again, sends none of them twice. A
 * line a file, added when the store has it, and of a long one before its first part; the last one counts. A line that was broken off by
 * a kill counts for nothing.
 */
export class UploadJournal {
  readonly path: string;
  readonly #entries = new Map<string, JournalEntry>();

  /** `of` names the submission: the API, whose key, and what is submitted. */
  constructor(stateFolder: string, of: readonly string[]) {
    const name = createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 32);
    this.path = join(stateFolder, 'styleflow', 'uploads', `${name}.ndjson`);
    for (const line of this.#read().split('\n')) {
      const entry = parseLine(line);
      if (entry !== null) this.#entries.set(entry.path, entry);
    }
  }

  /** Files that are there, and those of which a part is. */
  count(isWhole: boolean): number {
    return [...this.#entries.values()].filter((entry) => entry.isWhole === isWhole).length;
  }

  find(path: string): JournalEntry | undefined {
    return this.#entries.get(path);
  }

  add(entry: JournalEntry): void {
    // Only the user may read what he submits, and what its uploads are called.
    if (this.#entries.size === 0) mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    this.#entries.set(entry.path, entry);
    // The line break comes first: after a line that was broken off, this one stands alone.
    appendFileSync(this.path, `\n${JSON.stringify(entry)}`, { mode: 0o600 });
  }

  /** The batch has the uploads now, and a next one needs its own. */
  forget(): void {
    rmSync(this.path, { force: true });
    this.#entries.clear();
  }

  #read(): string {
    try {
      return readFileSync(this.path, 'utf8');
    } catch {
      return '';
    }
  }
}

function parseLine(line: string): JournalEntry | null {
  try {
    const entry = EntrySchema.safeParse(JSON.parse(line));
    return entry.success ? entry.data : null;
  } catch {
    return null;
  }
}

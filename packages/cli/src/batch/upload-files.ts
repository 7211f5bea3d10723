import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { openVideoFile, type StyleFlowClient } from '@styleflow/client';
import { JobError, toJobError } from '@styleflow/contracts';
import { printable } from '@styleflow/runtime';
import type { UploadProgress } from '../view/upload-progress.js';
import { digested, digestFile } from './digest-file.js';
import type { UploadJournal } from './upload-journal.js';

export interface UploadPorts {
  readonly client: Pick<StyleFlowClient, 'uploads'>;
  readonly journal: UploadJournal;
  readonly progress: UploadProgress;
  readonly signal: AbortSignal;
  /** Files on their way at once. */
  readonly parallel: number;
}

/** How often one file is tried, and the pause after the first try, which doubles. */
const TRIES = 6;
const FIRST_PAUSE_MS = 1000;
/** An upload that expires within this time is made anew: its batch has to be accepted until then. */
const MARGIN_MS = 120_000;

/**
 * Uploads files, several at once, and returns the uploads by their paths. What the journal has already is read once more
 * and, if it is what was sent, not sent again. A file that cannot be sent does not stop the others.
 * @throws JobError when files are left over, after all others are there; the signal's reason
 */
export async function uploadFiles(paths: readonly string[], ports: UploadPorts): Promise<Map<string, string>> {
  const uploads = new Map<string, string>();
  const failures: JobError[] = [];
  const queue = paths.values();
  const lane = async (): Promise<void> => {
    for (const path of queue) {
      ports.signal.throwIfAborted();
      try {
        uploads.set(path, await uploadOnce(path, ports));
      } catch (error) {
        ports.signal.throwIfAborted();
        failures.push(toJobError(error));
        ports.progress.say(`${printable(path)}: ${toJobError(error).message}`);
        // What holds for one holds for all: the key is wrong, the quota is used up.
        if (error instanceof JobError && ENDS_ALL.has(error.code)) return;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(ports.parallel, paths.length) }, lane));
  ports.signal.throwIfAborted();
  const [first] = failures;
  if (first === undefined) return uploads;
  const left = paths.length - uploads.size;
  throw new JobError(
    first.code,
    `${left} of ${paths.length} files could not be uploaded; the same command sends those alone. The first reason: ${first.message}`,
    { cause: first },
  );
}

const ENDS_ALL: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'rate_limited']);

async function uploadOnce(path: string, { client, journal, progress, signal }: UploadPorts): Promise<string> {
  const facts = await stat(path);
  const before = journal.find(path);
  if (
    before !== undefined &&
    before.size === facts.size &&
    before.mtimeMs === facts.mtimeMs &&
    Date.parse(before.expiresAt) - MARGIN_MS > Date.now() &&
    before.sha256 === (await digestFile(path, signal))
  ) {
    progress.skipped(facts.size);
    return before.uploadId;
  }
  for (let tries = 1; ; tries += 1) {
    const sending = progress.begin(facts.size);
    const file = await openVideoFile(path);
    try {
      const { video, sha256 } = digested(file);
      const { uploadId, expiresAt } = await client.uploads.send(video, { onProgress: sending.sent, signal });
      const after = await stat(path);
      if (after.size !== facts.size || after.mtimeMs !== facts.mtimeMs) {
        throw new JobError('invalid_request', `${printable(path)} changed while it was sent`);
      }
      journal.add({ path, size: facts.size, mtimeMs: facts.mtimeMs, sha256: sha256(), uploadId, expiresAt });
      sending.done();
      return uploadId;
    } catch (error) {
      sending.failed();
      signal.throwIfAborted();
      if (tries >= TRIES || !(error instanceof JobError) || !error.retryable) throw error;
      const seconds = error.details?.retryAfterSeconds;
      await pause(typeof seconds === 'number' ? seconds * 1000 : FIRST_PAUSE_MS * 2 ** (tries - 1), undefined, {
        signal,
      });
    } finally {
      await file.close();
    }
  }
}

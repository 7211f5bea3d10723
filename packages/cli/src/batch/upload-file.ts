import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { openVideoFile, PARTS_FROM_BYTES, type SentUpload, type VideoFile } from '@styleflow/client';
import { JobError } from '@styleflow/contracts';
import { printable } from '@styleflow/runtime';
import { digested, digestFile } from './digest-file.js';
import { keepUpload } from './keep-upload.js';
import { repeatCall } from './repeat-call.js';
import type { JournalEntry } from './upload-journal.js';
import type { UploadPorts } from './upload-ports.js';

type FilePorts = Omit<UploadPorts, 'parallel'>;

/**
 * Uploads one file, or goes on with it: what the journal has of the same bytes is not sent again. Answers the upload's id.
 * @throws JobError; the signal's reason
 */
export async function uploadFile(path: string, ports: FilePorts): Promise<string> {
  const { journal, progress, signal } = ports;
  const facts = await stat(path);
  const noted = journal.find(path);
  const isAlike = noted !== undefined && noted.size === facts.size && noted.mtimeMs === facts.mtimeMs;
  const isLong = facts.size > PARTS_FROM_BYTES;
  // Of a long file the digest is taken before it is sent: its parts go in any order, some of them in another run.
  const sha256 = isAlike || isLong ? await digestFile(path, signal) : null;
  const before = isAlike && noted.sha256 === sha256 ? noted : null;
  if (before?.isWhole === true && (await keepUpload(path, ports))) {
    progress.skipped(facts.size);
    return before.uploadId;
  }
  if (!isLong || sha256 === null) return sendWhole(path, facts, ports);
  return sendInParts({ path, facts, sha256, begun: before?.isWhole === false ? before : null }, ports);
}

function sendWhole(path: string, facts: Stats, ports: FilePorts): Promise<string> {
  return sendFile(path, facts, ports, async (file, onProgress) => {
    const { video, sha256 } = digested(file);
    const sent = await ports.client.uploads.send(video, {
      partsFrom: Number.POSITIVE_INFINITY,
      onProgress,
      signal: ports.signal,
    });
    return { sent, sha256: sha256() };
  });
}

interface LongFile {
  readonly path: string;
  readonly facts: Stats;
  readonly sha256: string;
  readonly begun: JournalEntry | null;
}

function sendInParts({ path, facts, sha256, begun }: LongFile, ports: FilePorts): Promise<string> {
  const { client, journal, signal } = ports;
  let resume = begun?.uploadId;
  return sendFile(path, facts, ports, async (file, onProgress) => {
    const onOpened = ({ uploadId, keptUntil }: SentUpload): void => {
      resume = uploadId;
      journal.add(entryOf(path, facts, { sent: { uploadId, keptUntil }, sha256 }, false));
    };
    return { sent: await client.uploads.send(file, { resume, onOpened, onProgress, signal }), sha256 };
  });
}

interface Sent {
  readonly sent: SentUpload;
  readonly sha256: string;
}

/** Sends an open file, again where it failed for now, and notes it in the journal. */
function sendFile(
  path: string,
  facts: Stats,
  { journal, progress, signal }: FilePorts,
  send: (file: VideoFile, onProgress: (sent: number) => void) => Promise<Sent>,
): Promise<string> {
  return repeatCall(async () => {
    const sending = progress.begin(facts.size);
    const file = await openVideoFile(path);
    try {
      const sent = await send(file, sending.sent);
      const after = await stat(path);
      if (after.size !== facts.size || after.mtimeMs !== facts.mtimeMs) {
        throw new JobError('invalid_request', `${printable(path)} changed while it was sent`);
      }
      journal.add(entryOf(path, facts, sent, true));
      sending.done();
      return sent.sent.uploadId;
    } catch (error) {
      sending.failed();
      throw error;
    } finally {
      await file.close();
    }
  }, signal);
}

function entryOf(path: string, { size, mtimeMs }: Stats, { sent, sha256 }: Sent, isWhole: boolean): JournalEntry {
  return { path, size, mtimeMs, sha256, uploadId: sent.uploadId, expiresAt: sent.keptUntil, isWhole };
}

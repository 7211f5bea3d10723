import { JobError, toJobError } from '@styleflow/contracts';
import { printable } from '@styleflow/runtime';
import { keepUpload } from './keep-upload.js';
import { uploadFile } from './upload-file.js';
import type { UploadPorts } from './upload-ports.js';

/**
 * Uploads files, several at once, and returns the uploads by their paths. What the journal has already is read once more
 * and, if it is what was sent, not sent again; of a long file only the parts that are missing. A file that cannot be sent does not stop
 * the others. All of them can be submitted for hours when this returns, however long it took.
 * @throws JobError when files are left over, after all others are there; the signal's reason
 */
export async function uploadFiles(paths: readonly string[], ports: UploadPorts): Promise<Map<string, string>> {
  const uploads = new Map<string, string>();
  const failures: JobError[] = [];
  const all = async (task: (path: string) => Promise<void>): Promise<void> => {
    const queue = paths.values();
    const lane = async (): Promise<void> => {
      for (const path of queue) {
        ports.signal.throwIfAborted();
        try {
          await task(path);
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
  };
  await all(async (path) => void uploads.set(path, await uploadFile(path, ports)));
  // The first ones may have been sent many hours ago.
  await all(async (path) => {
    if (uploads.has(path) && !(await keepUpload(path, ports))) uploads.delete(path);
  });
  const left = paths.length - uploads.size;
  if (left === 0) return uploads;
  const first = failures[0] ?? new JobError('upload_expired', 'uploads have expired while others were sent');
  throw new JobError(
    first.code,
    `${left} of ${paths.length} files could not be uploaded; the same command sends those alone. The first reason: ${first.message}`,
    { cause: first },
  );
}

const ENDS_ALL: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'rate_limited']);

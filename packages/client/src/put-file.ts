import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { JobError, type UploadAnswer } from '@styleflow/contracts';
import { reach, readProblem } from './call-api.js';

/**
 * Asks the API for an upload and streams a file to it.
 * @returns the id of the upload.
 * @throws the file system's own error when the file cannot be read; JobError `storage_unavailable` when the store
 * refuses it.
 */
export async function putFile(
  path: string,
  openUpload: (bytes: number) => Promise<UploadAnswer>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const handle = await open(path);
  try {
    const facts = await handle.stat();
    if (facts.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
    const upload = await openUpload(facts.size);
    const stream = createReadStream(path, { fd: handle, autoClose: false, highWaterMark: 1 << 18 });
    const response = await reach(upload.url, () =>
      fetch(upload.url, {
        method: upload.method,
        // S3 refuses a PUT without a length.
        headers: { ...upload.headers, 'Content-Length': String(facts.size) },
        body: toBody(stream),
        duplex: 'half',
        redirect: 'error',
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    if (!response.ok) throw await refusalOf(response, upload.url);
    await response.body?.cancel();
    return upload.uploadId;
  } finally {
    await handle.close();
  }
}

/**
 * A file's stream as `fetch` takes it. Both types are the same class, named once by Node's module and once globally.
 */
function toBody(stream: Readable): NodeReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as NodeReadableStream<Uint8Array>;
}

async function refusalOf(response: Response, url: string): Promise<JobError> {
  const { origin } = new URL(url);
  if (response.headers.get('Content-Type')?.startsWith('application/problem+json') === true) {
    return readProblem(response, origin);
  }
  // An S3 server answers with XML. The code in it is the useful part.
  const code = /<Code>([A-Za-z]{1,60})<\/Code>/.exec(await response.text())?.[1];
  const reason = code === undefined ? '' : ` (${code})`;
  return new JobError(
    'storage_unavailable',
    `The store at ${origin} refused the upload with ${response.status}${reason}.`,
  );
}

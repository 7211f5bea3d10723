import { JobError } from '@styleflow/contracts';
import { openBrowserRequest } from './browser-request.js';
import { reach, readProblem, unreachable } from './call-api.js';
import type { Upload } from './documented.js';
import { chunksOf } from './stream-text.js';

/** Bytes of a known length that are read once, such as a file's. A `Blob` is one as well. */
export interface VideoBytes {
  readonly size: number;
  stream(): ReadableStream<Uint8Array>;
  /** The file's name, if it has one. */
  readonly name?: string;
  /** The bytes from one place up to another, read by themselves: with it a long video can be sent in parts. */
  slice?(from: number, to: number): VideoBytes;
}

export interface SendOptions {
  /** Called as bytes leave, with how many have left so far and how many there are. */
  readonly onProgress?: ((sentBytes: number, totalBytes: number) => void) | undefined;
  /** An abort ends the sending. */
  readonly signal?: AbortSignal | undefined;
}

/** When no byte has left for so long, the connection counts as broken: a network that went away says nothing by itself. */
const STALL_MS = 60_000;

/** An address that was signed for one PUT. */
export type SignedPut = Pick<Upload, 'url' | 'method' | 'headers'>;

/**
 * Sends bytes to a signed address, streamed with their length.
 * @throws StyleFlowError `storage_unavailable` when the store refuses them, `internal` when it cannot be reached
 */
export async function sendBytes(
  upload: SignedPut,
  video: Blob | VideoBytes,
  { onProgress, signal }: SendOptions,
): Promise<void> {
  signal?.throwIfAborted();
  const response =
    video instanceof Blob && openBrowserRequest !== null
      ? await sendByBrowser(upload, video, { onProgress, signal })
      : await sendStream(upload, video, { onProgress, signal });
  if (!response.ok) throw await refusalOf(response, upload.url);
  await response.body?.cancel();
}

function sendStream(upload: SignedPut, video: VideoBytes, { onProgress, signal }: SendOptions): Promise<Response> {
  const stream = video.stream() as ReadableStream<Uint8Array>;
  return reach(upload.url, () =>
    fetch(upload.url, {
      method: upload.method,
      // S3 refuses a PUT without a length.
      headers: { ...upload.headers, 'Content-Length': String(video.size) },
      body: onProgress === undefined ? stream : counted(stream, video.size, onProgress),
      duplex: 'half',
      redirect: 'error',
      ...(signal === undefined ? {} : { signal }),
    }),
  );
}

/** In a browser: `fetch` can send streams over HTTP/2 alone there, and tells nothing of how far a body has come. */
async function sendByBrowser(upload: SignedPut, video: Blob, { onProgress, signal }: SendOptions): Promise<Response> {
  if (openBrowserRequest === null) throw new Error('this is no browser');
  const request = openBrowserRequest();
  return new Promise((resolve, reject) => {
    request.open(upload.method, upload.url);
    for (const [name, value] of Object.entries(upload.headers)) {
      // The browser sets the length itself, and complains of who else does.
      if (name.toLowerCase() !== 'content-length') request.setRequestHeader(name, value);
    }
    const give = (why: string): void => reject(unreachable(upload.url, new TypeError(why)));
    const watch = watchForStall(video.size, () => {
      give(`nothing could be sent for ${STALL_MS / 1000} s`);
      request.abort();
    });
    request.upload.onprogress = ({ loaded }) => {
      watch.sent(loaded);
      onProgress?.(loaded, video.size);
    };
    request.onload = () => {
      watch.stop();
      resolve(
        new Response(request.responseText, {
          status: request.status,
          headers: { 'Content-Type': request.getResponseHeader('Content-Type') ?? 'text/plain' },
        }),
      );
    };
    request.onerror = () => {
      watch.stop();
      give('the browser does not say why');
    };
    request.onabort = () => {
      watch.stop();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(video);
  });
}

/** Calls `onStall` when no further byte leaves for a while. Once all have left the other side may take its time. */
function watchForStall(
  size: number,
  onStall: () => void,
): { readonly sent: (bytes: number) => void; readonly stop: () => void } {
  let timer = setTimeout(onStall, STALL_MS);
  const stop = (): void => clearTimeout(timer);
  return {
    sent: (bytes) => {
      stop();
      if (bytes < size) timer = setTimeout(onStall, STALL_MS);
    },
    stop,
  };
}

function counted(
  stream: ReadableStream<Uint8Array>,
  size: number,
  onProgress: NonNullable<SendOptions['onProgress']>,
): ReadableStream<Uint8Array> {
  const chunks = chunksOf(stream);
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) return controller.close();
      sent += value.length;
      controller.enqueue(value);
      onProgress(sent, size);
    },
    async cancel() {
      await chunks.return();
    },
  });
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

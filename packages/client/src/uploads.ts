import { JobError } from '@styleflow/contracts';
import type { ApiCaller } from './api-caller.js';
import type { Upload, UploadParts, UploadState } from './documented.js';
import { type SendOptions, sendBytes, type VideoBytes } from './send-bytes.js';
import { type SlicedVideo, sendParts } from './send-parts.js';

/** From this length on a video is sent in parts. */
export const PARTS_FROM_BYTES = 64 * 1024 * 1024;

export interface UploadOptions extends SendOptions {
  /** From which length on it is sent in parts, bytes; 64 MiB unless said otherwise. `Infinity`: never. */
  readonly partsFrom?: number | undefined;
  /** Called when an upload in parts is open, before its first part: with its id, `resume` goes on with it, today or from another process. */
  readonly onOpened?: ((upload: SentUpload) => void) | undefined;
  /** The id of an upload in parts of the same bytes that was interrupted: only what is missing is sent. One that is gone is begun anew. */
  readonly resume?: string | undefined;
}

/** An upload that can be submitted. */
export interface SentUpload {
  readonly uploadId: string;
  /** Until when it may be submitted; `renew` makes it later. */
  readonly keptUntil: string;
}

interface SignalOption {
  readonly signal?: AbortSignal | undefined;
}

/** Uploads: bytes go to the object store by signed addresses, past the API. */
export class Uploads {
  readonly #caller: ApiCaller;

  constructor(caller: ApiCaller) {
    this.#caller = caller;
  }

  /** Asks for an address to PUT one video to. With `bytes`, it takes a file of that length only. */
  async open(bytes?: number, { signal }: SignalOption = {}): Promise<Upload> {
    const json = bytes === undefined || bytes === 0 ? {} : { json: { bytes } };
    const answer = await this.#caller.read('openUpload', { ...json, signal });
    if ('url' in answer) return answer;
    throw new JobError('internal', 'POST /v1/uploads answered an upload in parts, which was not asked for.');
  }

  /** Opens an upload in parts; `send` does the rest as well. */
  async openParts(bytes: number, { signal }: SignalOption = {}): Promise<UploadState> {
    const answer = await this.#caller.read('openUpload', { json: { bytes, parts: true }, signal });
    if ('status' in answer) return answer;
    throw new JobError('internal', 'POST /v1/uploads answered one address, where parts were asked for.');
  }

  /** An upload that was not submitted yet, and which of its parts are there. */
  get(id: string, { signal }: SignalOption = {}): Promise<UploadState> {
    return this.#caller.read('readUpload', { path: { id }, signal });
  }

  /** Addresses to PUT parts to, from number `from` on. */
  parts(
    id: string,
    { from, limit, signal }: { from?: number; limit?: number } & SignalOption = {},
  ): Promise<UploadParts> {
    return this.#caller.read('signParts', { path: { id }, query: { from, limit }, signal });
  }

  /** Makes the parts one video. May be repeated. */
  complete(id: string, { signal }: SignalOption = {}): Promise<UploadState> {
    return this.#caller.read('completeUpload', { path: { id }, signal });
  }

  /** Keeps an upload that was not submitted yet for longer. */
  renew(id: string, { signal }: SignalOption = {}): Promise<UploadState> {
    return this.#caller.read('renewUpload', { path: { id }, signal });
  }

  /** Gives an upload up, with what has come of it. */
  async delete(id: string, { signal }: SignalOption = {}): Promise<void> {
    await this.#caller.send('deleteUpload', { path: { id }, signal });
  }

  /**
   * Uploads a video: a `Blob` (so a `File` of a page), or bytes of a known length. A long one goes in parts, if its bytes can be read in
   * pieces: then what an abort or a failure has left is there for `resume`.
   * @throws StyleFlowError `storage_unavailable` when the store refuses it
   */
  async send(video: Blob | VideoBytes, options: UploadOptions = {}): Promise<SentUpload> {
    const { partsFrom = PARTS_FROM_BYTES, resume } = options;
    if (isSliced(video) && (video.size > partsFrom || resume !== undefined)) return this.#sendParts(video, options);
    const upload = await this.open(video.size, options);
    await sendBytes(upload, video, options);
    return { uploadId: upload.uploadId, keptUntil: upload.keptUntil ?? upload.expiresAt };
  }

  async #sendParts(video: SlicedVideo, { resume, onOpened, ...options }: UploadOptions): Promise<SentUpload> {
    const { signal } = options;
    const begun =
      (resume === undefined ? null : await this.#find(resume, options)) ?? (await this.openParts(video.size, options));
    const { uploadId, keptUntil, bytes } = begun;
    if (bytes !== video.size) {
      const what = `The upload ${uploadId} has ${bytes} bytes and the video ${video.size}`;
      throw new JobError('invalid_request', `${what}: it is another one.`);
    }
    onOpened?.({ uploadId, keptUntil });
    if (begun.status === 'open') {
      await sendParts(begun, video, (from, limit) => this.parts(uploadId, { from, limit, signal }), options);
      await this.complete(uploadId, { signal });
    }
    return { uploadId, keptUntil };
  }

  /** Kept for as long as a new one; null where it is gone. */
  async #find(id: string, { signal }: SignalOption): Promise<UploadState | null> {
    try {
      return await this.renew(id, { signal });
    } catch (error) {
      if (error instanceof JobError && error.code === 'not_found') return null;
      throw error;
    }
  }
}

function isSliced(video: Blob | VideoBytes): video is SlicedVideo {
  return typeof video.slice === 'function';
}

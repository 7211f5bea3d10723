import type { ApiCaller } from './api-caller.js';
import type { Upload } from './documented.js';
import { type SendOptions, sendBytes, type VideoBytes } from './send-bytes.js';

/** Uploads: bytes go to the object store by a signed address, past the API. */
export class Uploads {
  readonly #caller: ApiCaller;

  constructor(caller: ApiCaller) {
    this.#caller = caller;
  }

  /** Asks for an address to PUT one video to. With `bytes`, it takes a file of that length only. */
  open(bytes?: number, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<Upload> {
    const json = bytes === undefined || bytes === 0 ? {} : { json: { bytes } };
    return this.#caller.read('openUpload', { ...json, signal });
  }

  /**
   * Uploads a video: a `Blob` (so a `File` of a page), or bytes of a known length.
   * @throws StyleFlowError `storage_unavailable` when the store refuses it
   */
  async send(video: Blob | VideoBytes, options: SendOptions = {}): Promise<Upload> {
    const upload = await this.open(video.size, options);
    await sendBytes(upload, video, options);
    return upload;
  }
}

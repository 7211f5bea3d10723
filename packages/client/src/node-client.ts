import type { Job } from './documented.js';
import type { SubmitOptions } from './jobs.js';
import { StyleFlowClient } from './styleflow-client.js';
import type { UploadOptions } from './uploads.js';
import { openVideoFile } from './video-file.js';

/** The client with what only Node can do: it reads files by their paths. */
export class NodeClient extends StyleFlowClient {
  /**
   * Submits a file of this machine, of any size. It is sent to the store by a signed address first. The job holds the
   * file's name as `metadata.file`.
   * @throws the file system's own error when the file cannot be read
   */
  async submitFile(path: string, options: SubmitOptions & UploadOptions = {}): Promise<Job> {
    const file = await openVideoFile(path);
    try {
      return await this.jobs.submitVideo(file, options);
    } finally {
      await file.close();
    }
  }
}

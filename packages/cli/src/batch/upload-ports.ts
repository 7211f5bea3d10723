import type { StyleFlowClient } from '@styleflow/client';
import type { UploadProgress } from '../view/upload-progress.js';
import type { UploadJournal } from './upload-journal.js';

/** What files are uploaded with. */
export interface UploadPorts {
  readonly client: Pick<StyleFlowClient, 'uploads'>;
  readonly journal: UploadJournal;
  readonly progress: UploadProgress;
  readonly signal: AbortSignal;
  /** Files on their way at once. */
  readonly parallel: number;
}

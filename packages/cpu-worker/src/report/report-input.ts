import type { ClipScore, Result } from '@styleflow/contracts';
import type { ChosenClip, Language } from '@styleflow/job-view';
import type { JobRecord } from '@styleflow/queue';

/** What a report is made of, and where its pictures come from. */
export interface ReportInput {
  readonly record: JobRecord;
  readonly result: Result;
  readonly language: Language;
  /** Bytes of a clip's picture; 0 when there is none. */
  clipBytes(clip: ChosenClip): Promise<number>;
  /** PNG; null when it is not there. */
  clipPicture(clip: ClipAt): Promise<Buffer | null>;
  hasFrame(frame: number): Promise<boolean>;
  /** JPEG of a whole frame; null when it is not there. */
  framePicture(frame: number): Promise<Buffer | null>;
  /** Undefined for a clip that was not scored. */
  details(clip: ChosenClip): Promise<Pick<ClipScore, 'styleFlow' | 'attention'> | undefined>;
}

/** A clip by its place in the job. */
export interface ClipAt {
  readonly track: number;
  readonly clip: number;
}

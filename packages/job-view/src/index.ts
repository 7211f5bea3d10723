export { type ChosenClip, chooseClips } from './facts/choose-clips.js';
export type { ClipDetails, ViewedJob, ViewedResult } from './facts/viewed-job.js';
export { JobView, type JobViewProps, PICTURED_CLIPS_MAX, shownFaces } from './job-view.js';
export type { ClipPlace, PictureSource } from './parts/view.js';
export { reportTitle } from './report-title.js';
export { JOB_VIEW_STYLES } from './styles/job-view-styles.js';
export { LANGUAGES, type Language } from './words/words.js';

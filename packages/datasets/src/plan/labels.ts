/** What is true of a video. In doubt about it nobody trains. */
export const LABELS = ['real', 'fake'] as const;
export type Label = (typeof LABELS)[number];

/** The stages of a job, in the order of its walk. */
export const STAGES = ['prepare', 'score', 'finish'] as const;
export type Stage = (typeof STAGES)[number];

export function isStage(text: string): text is Stage {
  return STAGES.some((stage) => stage === text);
}

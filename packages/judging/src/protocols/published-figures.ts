/** AUC in percent as published for StyleFlow, trained on FaceForensics++ (secondary sources); none names its protocol. */
export interface PublishedFigure {
  /** As the folder layouts name it. */
  readonly dataset: string;
  readonly auc: number | null;
  /** What others measured, lower; null where nobody did. */
  readonly rerun: string | null;
}

export const PUBLISHED_FIGURES: readonly PublishedFigure[] = [
  { dataset: 'FaceForensics++', auc: 99.1, rerun: 'c23: 98.4 and 83.1' },
  { dataset: 'FaceShifter', auc: 99.0, rerun: null },
  { dataset: 'DeeperForensics', auc: 99.0, rerun: '75.8' },
  { dataset: 'Celeb-DF v2', auc: 89.0, rerun: null },
  { dataset: 'DeepFakeDetection', auc: 96.1, rerun: null },
  { dataset: 'WildDeepfake', auc: null, rerun: '74.1' },
];

/** The parts of a data set: what is trained on, what is looked at meanwhile, and what is judged once. */
export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

const SPELLINGS: Readonly<Record<Split, readonly string[]>> = {
  train: ['train', 'training', 'trn', 'tr'],
  validation: ['validation', 'val', 'valid', 'validate', 'dev', 'development', 'eval'],
  test: ['test', 'testing', 'tst', 'te', 'holdout', 'held-out', 'held_out'],
};

/** What a cell says; null when it names no split. */
export function readSplit(cell: string): Split | null {
  const word = cell.trim().toLowerCase();
  return SPLITS.find((split) => SPELLINGS[split].includes(word)) ?? null;
}

import { readTruth } from '@styleflow/contracts';

/** Whether a folder's name says what its videos are; null when it does not. */
export function truthOfFolder(name: string): boolean | null {
  const [word = ''] = name.toLowerCase().split(/[_ -](?=test|train|val|videos?)/);
  return /^[a-z]{3,}/.test(word) ? readTruth(word, { meansReal: false }) : null;
}

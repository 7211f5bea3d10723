import { urlFileName } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { printable } from '@styleflow/runtime';

const LENGTH_MAX = 120;

/** The video's name for people: its file's, or the end of its address; null when nobody gave it one. */
export function videoName({ metadata, source }: Pick<JobRecord, 'metadata' | 'source'>): string | null {
  const name = typeof metadata.file === 'string' ? metadata.file : lastPart(source);
  const shown = [...printable(name).trim()];
  if (shown.length === 0) return null;
  return shown.length <= LENGTH_MAX ? shown.join('') : `${shown.slice(0, LENGTH_MAX).join('')}…`;
}

function lastPart(source: JobRecord['source']): string {
  switch (source.type) {
    case 'url':
      return urlFileName(source.url);
    case 's3':
      return source.key.split('/').at(-1) ?? '';
    case 'upload':
      return '';
  }
}

import { NAME_KEPT_BYTES } from '../ports/job-lists.js';
import type { NewJob } from '../ports/job-record.js';

/** What people call a job's video, in small letters: the file's name that came with it, else the end of its address; '' where it has neither. */
export function searchName({ metadata, source }: Pick<NewJob, 'metadata' | 'source'>): string {
  const { file } = metadata;
  if (typeof file === 'string') return file.toLowerCase();
  if (source.type === 'upload') return '';
  const path = source.type === 'url' ? new URL(source.url).pathname : source.key;
  return lastPart(path).toLowerCase();
}

/** As much of the name as Redis keeps beside the record, whole characters. */
export function keptName(job: Pick<NewJob, 'metadata' | 'source'>): string {
  let kept = '';
  let bytes = 0;
  for (const character of searchName(job)) {
    bytes += Buffer.byteLength(character);
    if (bytes > NAME_KEPT_BYTES) break;
    kept += character;
  }
  return kept;
}

function lastPart(path: string): string {
  const part = path.split('/').findLast((each) => each !== '') ?? '';
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

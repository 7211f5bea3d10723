import type { Job } from '@styleflow/client/browser';
import { printable } from '@styleflow/job-view';

/**
 * What people call a job's video: the file's name, else the end of its address, else the id. A name that turns the direction of
 * reading could pass for another one, so its marks are shown as such.
 */
export function jobName(job: Pick<Job, 'id' | 'metadata' | 'source'>): string {
  return printable(givenName(job));
}

function givenName({ id, metadata, source }: Pick<Job, 'id' | 'metadata' | 'source'>): string {
  if (typeof metadata.file === 'string' && metadata.file !== '') return metadata.file;
  if (source.type === 'url')
    return lastPart(URL.canParse(source.url) ? new URL(source.url).pathname : source.url) ?? source.url;
  if (source.type === 's3') return lastPart(source.key) ?? source.key;
  return id;
}

/** What people call an item of a batch: by the manifest's own id, or, where that only counts the lines, by the end of its source. */
export function itemName({ id, source }: { readonly id: string; readonly source: string }): string {
  return printable(/^\d+$/.test(id) ? (lastPart(source.replace(/[?#].*$/, '')) ?? id) : id);
}

function lastPart(path: string): string | undefined {
  const part = path
    .split('/')
    .filter((each) => each !== '')
    .at(-1);
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    return part;
  }
}

import { printable } from '@styleflow/runtime/printable';
import type { ViewedJob } from './viewed-job.js';

const LENGTH_MAX = 120;

/** The video's name for people: its file's, or the end of its address; null when nobody gave it one. */
export function videoName({ metadata, source }: Pick<ViewedJob, 'metadata' | 'source'>): string | null {
  const name = typeof metadata.file === 'string' ? metadata.file : lastPart(source);
  const shown = [...printable(name).trim()];
  if (shown.length === 0) return null;
  return shown.length <= LENGTH_MAX ? shown.join('') : `${shown.slice(0, LENGTH_MAX).join('')}…`;
}

/** Where the video came from, without what may be a secret: a URL's user, query and fragment are left out. Null of an upload. */
export function sourceText(source: ViewedJob['source']): string | null {
  switch (source.type) {
    case 'url': {
      const url = new URL(source.url);
      return printable(`${url.origin}${url.pathname}`);
    }
    case 's3':
      return printable(`s3://${source.bucket}/${source.key}`);
    case 'upload':
      return null;
  }
}

function lastPart(source: ViewedJob['source']): string {
  switch (source.type) {
    case 'url':
      return decoded(new URL(source.url).pathname.split('/').at(-1) ?? '');
    case 's3':
      return source.key.split('/').at(-1) ?? '';
    case 'upload':
      return '';
  }
}

/** A lone `%` is valid in an address: what cannot be decoded stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

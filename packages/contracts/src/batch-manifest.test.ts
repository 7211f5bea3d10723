import { describe, expect, it } from 'vitest';
import { BatchBodySchema, BatchItemBodySchema, parseSourceText, printSource } from './batch-manifest.js';
import { parseResultCursor, printResultCursor } from './batch-results.js';
import { mintBatchId } from './ids.js';

describe('a source of a manifest', () => {
  it.each([
    'https://example.org/a,b.mp4?c=1',
    's3://films/a/b c.mp4',
    'upload:upl_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D',
    'job:job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D',
  ])('%s is read and written alike', (text) => {
    const source = parseSourceText(text);
    expect(typeof source === 'string' ? source : printSource(source)).toBe(text);
  });

  it.each(['', 'a.mp4', 'file:///etc/passwd', 's3://films', 's3:///key', 'upload:1', 'job:1', 'ftp://example.org/a'])(
    '%j is told what it should be',
    (text) => {
      expect(parseSourceText(text)).toEqual(expect.stringContaining('not '));
    },
  );
});

describe('the body of a batch', () => {
  it('names rows or an upload, and its options have no defaults that would hide those of jobs', () => {
    const body = BatchBodySchema.parse({ manifest: { items: [{ source: 1 }] }, options: { priority: 9 } });
    expect(body).toEqual({ manifest: { items: [{ source: 1 }] }, options: { priority: 9 }, skipInvalid: false });
    expect(BatchBodySchema.safeParse({ manifest: { items: [] } }).success).toBe(false);
    expect(BatchBodySchema.safeParse({ manifest: { uploadId: 'x' } }).success).toBe(false);
  });

  it('keeps fields of a row that have no meaning', () => {
    const row = { source: 'https://example.org/a.mp4', truth_label: 'fake', shelf: 7 };
    expect(BatchItemBodySchema.parse(row)).toEqual(row);
  });
});

describe('a cursor of results', () => {
  it('is read back, and other texts are none', () => {
    const cursor = { batch: mintBatchId(), round: 2, index: 17 };
    expect(parseResultCursor(printResultCursor(cursor))).toEqual(cursor);
    for (const text of ['', '1', 'bat_1.1.1', `${cursor.batch}.1`]) expect(parseResultCursor(text)).toBeNull();
  });
});

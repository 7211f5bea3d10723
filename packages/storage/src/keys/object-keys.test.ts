import { describe, expect, it } from 'vitest';
import {
  clipKey,
  clipScoreKey,
  clipsPrefix,
  frameKey,
  jobPrefix,
  preparedKey,
  reportKey,
  reportPdfKey,
  resultKey,
  runPrefix,
  sourceKey,
  stripKey,
  uploadKey,
} from './object-keys.js';

describe('object keys', () => {
  it('spell the layout that stored jobs already have', () => {
    expect(sourceKey('job-7')).toBe('jobs/job-7/source');
    expect(preparedKey('job-7', 1)).toBe('jobs/job-7/runs/1/prepared.json');
    expect(clipKey('job-7', 1, 2, 30)).toBe('jobs/job-7/runs/1/clips/2.30');
    expect(stripKey('job-7', 1, 2, 30)).toBe('jobs/job-7/runs/1/strips/2.30.png');
    expect(frameKey('job-7', 1, 240)).toBe('jobs/job-7/runs/1/frames/240.jpg');
    expect(clipScoreKey('job-7', 1, 2, 30)).toBe('jobs/job-7/runs/1/scores/2.30.json');
    expect(clipKey('job-7', 1, 2, 30, 'half')).toBe('jobs/job-7/runs/1/clips/2.30.half');
    expect(clipScoreKey('job-7', 1, 2, 30, undefined, 'half')).toBe('jobs/job-7/runs/1/scores/2.30.half.json');
    expect(clipScoreKey('job-7', 1, 2, 30, 'ab', 'half')).toBe('jobs/job-7/runs/1/scores/ab/2.30.half.json');
    expect(resultKey('job-7')).toBe('jobs/job-7/result.json');
    expect(reportKey('job-7')).toBe('jobs/job-7/report.html');
    expect(reportPdfKey('job-7')).toBe('jobs/job-7/report.pdf');
    expect(uploadKey('key-a', 'up-1')).toBe('uploads/key-a/up-1');
  });

  it('put everything of a job under its prefix, which is no prefix of another job', () => {
    const keys = [
      sourceKey('a'),
      preparedKey('a', 1),
      clipKey('a', 1, 0, 0),
      stripKey('a', 1, 0, 0),
      frameKey('a', 1, 0),
      clipScoreKey('a', 1, 0, 0),
      resultKey('a'),
      reportKey('a'),
      clipsPrefix('a', 1),
      runPrefix('a', 1),
    ];
    for (const key of keys) expect(key.startsWith(jobPrefix('a'))).toBe(true);
    expect(sourceKey('ab').startsWith(jobPrefix('a'))).toBe(false);
    expect(clipKey('a', 11, 0, 0).startsWith(runPrefix('a', 1))).toBe(false);
  });

  it('refuse ids that would name another folder', () => {
    for (const id of ['', '.', '..', 'a/b', '../b', 'a\\b', 'ä', 'a b', 'x'.repeat(129)]) {
      expect(() => jobPrefix(id)).toThrow('cannot be part of an object key');
      expect(() => uploadKey(id, 'u')).toThrow('cannot be part of an object key');
      expect(() => uploadKey('o', id)).toThrow('cannot be part of an object key');
    }
  });

  it('refuse numbers that are no index', () => {
    for (const value of [-1, 0.5, Number.NaN, 2 ** 60]) {
      expect(() => clipKey('a', 1, value, 0)).toThrow('cannot be part of an object key');
      expect(() => preparedKey('a', value)).toThrow('cannot be part of an object key');
    }
  });
});

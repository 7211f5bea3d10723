import { expect, it } from 'vitest';
import { itemName, jobName } from './job-name.js';

const nameOf = (url: string, file?: string): string =>
  jobName({ id: 'job_1', metadata: file === undefined ? {} : { file }, source: { type: 'url', url } });

it('a job is called by its file, else by the end of its address, else by its id', () => {
  expect(nameOf('https://a.example/x.mp4', 'фильм <b>.mp4')).toBe('фильм <b>.mp4');
  expect(nameOf('https://a.example/films/a%20b.mp4?token=1')).toBe('a b.mp4');
  expect(nameOf('https://a.example/100%.mp4')).toBe('100%.mp4');
  expect(nameOf('https://a.example/')).toBe('https://a.example/');
  expect(jobName({ id: 'job_1', metadata: {}, source: { type: 's3', bucket: 'b', key: 'k/v.mov' } })).toBe('v.mov');
  expect(jobName({ id: 'job_1', metadata: {}, source: { type: 'upload', uploadId: 'u' } })).toBe('job_1');
});

it('no name turns the direction in which it is read, and so passes for another', () => {
  expect(nameOf('https://a.example/x.mp4', 'clip\u202E4pm.gpj')).toBe('clip\uFFFD4pm.gpj');
  expect(itemName({ id: 'film\u20667', source: 'https://a.example/x.mp4' })).toBe('film\uFFFD7');
});

it('an item of a batch is called by its own id, or by its source where that only counts', () => {
  expect(itemName({ id: 'film-7', source: 'https://a.example/x.mp4' })).toBe('film-7');
  expect(itemName({ id: '7', source: 'https://a.example/films/x%20y.mp4?token=1' })).toBe('x y.mp4');
  expect(itemName({ id: '7', source: 's3://bucket/key.mov' })).toBe('key.mov');
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseApiKeys } from './api-keys.js';
import { callerOfLink, signLink } from './job-links.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const keys = parseApiKeys(`anna:user:sha256:${sha256('a')},b.o-b:user:sha256:${sha256('b')}`);
const [anna, bob] = keys;
if (anna === undefined || bob === undefined) throw new Error('two keys');
const NOW = 1_800_000_000_000;
const EXPIRES = NOW / 1000 + 60;
const read = (path: string, access: unknown, { method = 'GET', now = NOW, among = keys } = {}) =>
  callerOfLink(among, { method, path, access }, now);

describe('a link to a job', () => {
  const access = signLink(anna, 'job_1', EXPIRES);

  it.each(['events', 'result', 'report', 'report.pdf', 'preview.webm', 'frames/7.jpg', 'faces/0/clips/3.png'])(
    'lets its %s be read as the key that asked for it',
    (file) => {
      expect(read(`/v1/jobs/job_1/${file}`, access)).toEqual({ owner: 'anna', isAdmin: false });
    },
  );

  it('works for names with dots', () => {
    expect(read('/v1/jobs/job_1/report', signLink(bob, 'job_1', EXPIRES))).toMatchObject({ owner: 'b.o-b' });
  });

  it.each([
    ['of another job', () => read('/v1/jobs/job_2/report', access)],
    ['by another method', () => read('/v1/jobs/job_1/report', access, { method: 'DELETE' })],
    [
      'of the job itself, its evidence or a list',
      () => read('/v1/jobs/job_1', access) ?? read('/v1/jobs/job_1/evidence.zip', access) ?? read('/v1/jobs', access),
    ],
    ['after its end', () => read('/v1/jobs/job_1/report', access, { now: NOW + 61_000 })],
    [
      'with a later end than was signed',
      () => read('/v1/jobs/job_1/report', access.replace(/^\d+/, String(EXPIRES + 1))),
    ],
    ['as another key', () => read('/v1/jobs/job_1/report', access.replace('anna', 'b.o-b'))],
    ['once the key is revoked', () => read('/v1/jobs/job_1/report', access, { among: [bob] })],
    [
      'with half a signature, twice an access, or none',
      () =>
        read('/v1/jobs/job_1/report', access.replace(/\..{20}/, '.')) ??
        read('/v1/jobs/job_1/report', [access, access]) ??
        read('/v1/jobs/job_1/report', undefined),
    ],
  ])('is refused %s', (_case, refused) => {
    expect(refused()).toBeNull();
  });
});

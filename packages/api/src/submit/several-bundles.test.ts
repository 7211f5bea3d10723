import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postJson } from '../test-calls.js';
import { recordOf, URL_SOURCE } from '../test-jobs.js';
import { BUNDLE, startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
let jobs: string;
const calibrated = {
  ...BUNDLE,
  ...{ id: 'calibrated@fedcba987654', digest: `fedcba987654${'0'.repeat(52)}` },
  calibratedOn: { run: 'r', date: 'd', data: 'v' },
};
/** The same files under another name. */
const renamed = { ...BUNDLE, id: 'renamed@0123456789ab' };

beforeAll(async () => {
  server = await startTestServer();
  jobs = `${server.url}/v1/jobs`;
  await server.announcements.recallBundle(calibrated);
  await server.announcements.recallBundle(renamed);
});
afterAll(() => server.stop());

describe('a submission to several bundles', () => {
  const ask = (options: object) => postJson(jobs, { source: URL_SOURCE, options });

  it('fixes the job to all of them, in their order', async () => {
    const answer = await ask({ bundles: [calibrated.id, BUNDLE.id], combine: 'any' });
    expect(answer).toMatchObject({
      ...{ status: 202, body: { options: { bundles: [calibrated.id, BUNDLE.id], combine: 'any' } } },
    });
    const record = await recordOf(server, answer.body.id);
    expect([record.bundle, record.bundles]).toEqual([calibrated, [calibrated, BUNDLE]]);
  });

  it('is refused by name for one that nobody knows, and for a mean of bundles that were never calibrated', async () => {
    const unknown = await ask({ bundles: [BUNDLE.id, 'never@aaaaaaaaaaaa'] });
    expect(unknown).toMatchObject({ status: 422, body: { code: 'bundle_unknown' } });
    expect(unknown.body.detail).toContain('never@aaaaaaaaaaaa');
    const mean = await ask({ bundles: [BUNDLE.id, calibrated.id], combine: 'mean' });
    expect(mean).toMatchObject({ status: 422, body: { code: 'bundle_unknown' } });
    expect(mean.body.detail).toContain(`${BUNDLE.id} is not`);
  });

  it.each([
    [{ bundles: [] }],
    [{ bundles: [BUNDLE.id, BUNDLE.id] }],
    [{ bundles: [BUNDLE.id, renamed.id] }],
    [{ bundles: [BUNDLE.id], bundle: BUNDLE.id }],
    [{ bundles: ['a', 'b', 'c', 'd', 'e'] }],
    [{ bundles: [BUNDLE.id], combine: 'least' }],
  ])('is refused with %j', async (options) => {
    expect(await ask(options)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});

import { digest12, type JobRun } from '@styleflow/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeys } from '../auth/api-keys.js';
import { call } from '../test-calls.js';
import { recordOf, sha256, submit } from '../test-jobs.js';
import { BUNDLE, startTestServer, type TestServer } from '../test-server.js';

const [ADMIN, USER] = ['admin-key-of-this-test', 'user-key-of-this-test'];
const bearer = (key: string) => ({ headers: { Authorization: `Bearer ${key}` } });
const SHADOW = { ...BUNDLE, id: 'new@fedcba987654', digest: `fedcba987654${'0'.repeat(52)}` };
const VERDICT = { label: 'fake', score: 0.75, threshold: 0.2 } as const;

let server: TestServer;
let run: JobRun;
beforeAll(async () => {
  const keys = parseApiKeys([`root:admin:sha256:${sha256(ADMIN)}`, `anna:user:sha256:${sha256(USER)}`].join(','));
  server = await startTestServer({ keys, shadowBundles: [SHADOW.id] });
  // Its worker has started last.
  await server.announcements.rememberBundle(SHADOW);
  run = { job: await submit(server, {}, bearer(USER).headers), run: 1 };
});
afterAll(() => server.stop());

const at = (path: string): string => `${server.url}${path}`;
const disagreements = (key: string, id = SHADOW.id) => call(at(`/v1/models/${id}/disagreements`), bearer(key));

describe('a shadow', () => {
  it('is neither the default of new jobs nor listed for clients', async () => {
    expect((await recordOf(server, run.job)).bundle.id).toBe(BUNDLE.id);
    const [forUser, forAdmin] = await Promise.all([USER, ADMIN].map((key) => call(at('/v1/models'), bearer(key))));
    expect(forUser?.body).toMatchObject({ default: BUNDLE.id, models: [{ id: BUNDLE.id }] });
    expect(forUser?.body.models).toHaveLength(1);
    expect(forAdmin?.body.models).toMatchObject([{ id: SHADOW.id, shadow: true }, { id: BUNDLE.id }]);
  });

  it('tells operators alone how it differs from what is served', async () => {
    expect(await disagreements(USER)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await disagreements(ADMIN, 'never@aaaaaaaaaaaa')).toMatchObject({ status: 404 });
    expect(await disagreements(ADMIN)).toMatchObject({
      status: 200,
      body: { model: SHADOW.id, isShadow: true, trained: true, waiting: 0, against: [] },
    });
    const { records } = server;
    const { shadows } = server.connection;
    const bundle = digest12(SHADOW.digest);
    await records.beginPrepare(run);
    await shadows.hold(run, [bundle], { forMs: 60_000, keepCrops: false });
    await shadows.keepClips(run, 1);
    await records.end(run, { status: 'succeeded', verdict: VERDICT });
    expect((await disagreements(ADMIN)).body).toMatchObject({ waiting: 1 });
    await shadows.noteScored({ ...run, bundle });
    await shadows.noteCompared(
      { ...run, bundle },
      {
        ...{ ...run, at: 1_000, shadow: { label: 'real', score: 0.25 } },
        served: [{ bundle: BUNDLE.id, verdict: { label: 'fake', score: 0.75 } }],
      },
    );
    expect((await disagreements(ADMIN)).body).toMatchObject({
      waiting: 0,
      missed: { skipped: 0, expired: 0, incomplete: 0 },
      against: [
        {
          ...{ bundle: BUNDLE.id, videos: 1, sameVerdict: 0, agreement: 0, from: '1970-01-01T00:00:01.000Z' },
          confusion: [{ served: 'fake', shadow: 'real', videos: 1 }],
          scoreDifference: { videos: 1, mean: -0.5, p50: -0.5 },
          mostDiffering: [{ job: run.job, difference: -0.5 }],
        },
      ],
    });
  });

  it('loses what it said of a job with DELETE', async () => {
    expect((await call(at(`/v1/jobs/${run.job}`), { ...bearer(USER), method: 'DELETE' })).status).toBe(204);
    expect((await disagreements(ADMIN)).body).toMatchObject({ against: [], waiting: 0 });
  });
});

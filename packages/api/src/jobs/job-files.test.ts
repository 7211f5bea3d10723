import { ResultSchema } from '@styleflow/contracts';
import { frameKey, jobPrefix, reportPdfKey, stripKey } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../test-calls.js';
import { fail, submit, succeed } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
const at = (id: string, rest: string): string => `${server.url}/v1/jobs/${id}${rest}`;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('what a job left in the store', () => {
  it('is served: result, report, picture and details of a clip', async () => {
    const id = await submit(server);
    const result = await succeed(server, id);
    const answered = await call(at(id, '/result'));
    expect(ResultSchema.parse(answered.body)).toEqual(result);
    const report = await call(at(id, '/report'));
    expect([report.status, report.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(report.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(report.body).toContain('<title>report</title>');
    const picture = await call(at(id, '/faces/0/clips/0.png'));
    expect([picture.headers.get('content-type'), picture.body]).toEqual(['image/png', 'a picture']);
    const frame = await call(at(id, '/frames/0.jpg'));
    expect([frame.headers.get('content-type'), frame.body]).toEqual(['image/jpeg', 'a frame']);
    const { body } = await call(at(id, '/faces/0/clips/0.json'));
    expect(Object.keys(body).sort()).toEqual(['attention', 'batchSize', 'logit', 'provider', 'styleFlow']);
    expect([body.styleFlow.length, body.styleFlow[0].length, body.attention.length]).toEqual([31, 18, 16]);
  });

  it('is printed when somebody asks for it, where a worker can', async () => {
    const id = await submit(server);
    await succeed(server, id);
    const stored = await call(at(id, '/report.pdf'));
    expect([stored.status, stored.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    await server.store.delete([reportPdfKey(id)]);
    const nobody = await call(at(id, '/report.pdf'));
    expect(nobody).toMatchObject({ status: 501, body: { code: 'not_available' } });
    expect(nobody.body.detail).toContain('apt-get install chromium');
    const facts = { version: '0.1.0', host: 'a', pid: 1, startedAt: new Date().toISOString() };
    await server.announcements.announce({
      ...facts,
      ...{ id: 'printer', kind: 'cpu-worker', health: 'ready', printsReports: true },
    });
    const asked = await call(at(id, '/report.pdf'));
    expect([asked.status, asked.headers.get('retry-after'), asked.body]).toEqual([202, '2', { status: 'printing' }]);
    const depths = await server.queue.depths();
    expect(depths.find(({ name }) => name === 'report')).toMatchObject({ waiting: 1 });
    await server.announcements.withdraw('printer');
  });

  it('is not there before the end', async () => {
    const id = await submit(server);
    for (const file of ['/result', '/report']) {
      expect(await call(at(id, file))).toMatchObject({ status: 409, body: { code: 'conflict' } });
    }
    expect(await call(at(id, '/faces/0/clips/0.png'))).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('never was there when the job failed', async () => {
    const id = await submit(server);
    await fail(server, id, 'media_corrupt');
    const answer = await call(at(id, '/result'));
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(answer.body.detail).toContain('media_corrupt');
  });

  it('is gone after its retention, pictures before results', async () => {
    const id = await submit(server);
    await succeed(server, id, {
      frames: [{ frame: 0, seconds: 0, boxes: [], picture: `/v1/jobs/${id}/frames/0.jpg` }],
    });
    await server.store.delete([stripKey(id, 1, 0, 0), frameKey(id, 1, 0)]);
    expect(await call(at(id, '/frames/0.jpg'))).toMatchObject({ status: 410, body: { code: 'gone' } });
    expect(await call(at(id, '/frames/8.jpg'))).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await call(at(id, '/faces/0/clips/0.png'))).toMatchObject({ status: 410, body: { code: 'gone' } });
    expect(await call(at(id, '/faces/0/clips/1.png'))).toMatchObject({ status: 404, body: { code: 'not_found' } });
    await server.store.deletePrefix(jobPrefix(id));
    for (const file of ['/result', '/report']) {
      expect(await call(at(id, file))).toMatchObject({ status: 410, body: { code: 'gone' } });
    }
  });

  it.each(['/faces/0/clips/x.png', '/faces/-1/clips/0.json', '/faces/0/clips/0.gif', '/faces/0/clips/99999999999.png'])(
    'has nothing at %s',
    async (path) => {
      const id = await submit(server);
      await succeed(server, id);
      expect(await call(at(id, path))).toMatchObject({ status: 404, body: { code: 'not_found' } });
    },
  );
});

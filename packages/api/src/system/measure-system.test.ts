import { JobOptionsSchema, mintJobId } from '@styleflow/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE, startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const unadmitted = async (): Promise<string | undefined> =>
  /^styleflow_queue_depth\{queue="prepare",state="unadmitted"\} (\d+)$/m.exec(
    await (await fetch(`${server.url}/metrics`)).text(),
  )?.[1];

describe('the depth of the queue of prepare', () => {
  it('counts the jobs that wait for room in the window of their owner', async () => {
    await server.connection.singles.setWindow({ jobs: 1, clips: 100 });
    expect(await unadmitted()).toBe('0');
    for (let count = 0; count < 3; count += 1) {
      await server.records.create({
        id: mintJobId(),
        owner: 'anna',
        source: { type: 'url', url: 'https://example.com/video.mp4' },
        options: JobOptionsSchema.parse({}),
        bundle: BUNDLE,
        metadata: {},
      });
    }
    expect(await unadmitted()).toBe('2');
  });
});

// @module-tag chromium
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAlone, startApiAlone } from '../system/api-alone.js';
import { findChromium } from '../system/find-chromium.js';
import { type PackedClient, packClient } from '../system/packed-client.js';

const PAGE = `<!doctype html><title>client</title><script type="module">
import * as styleflow from './styleflow.js';
globalThis.styleflow = styleflow;
globalThis.client = new styleflow.StyleFlowClient({ api: location.origin });
</script>`;

let api: ApiAlone;
let packed: PackedClient;
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  [api, packed] = await Promise.all([startApiAlone(), packClient()]);
  browser = await puppeteer.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  page = await browser.newPage();
  page.on('pageerror', (error) => faults.push(String(error)));
  const served: Record<string, { contentType: string; body: string }> = {
    '/page.html': { contentType: 'text/html', body: PAGE },
    '/styleflow.js': {
      contentType: 'text/javascript',
      body: await readFile(join(packed.contents, 'browser.js'), 'utf8'),
    },
  };
  // The page comes from the API's own address, as one that a proxy serves beside it does.
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const answer = served[new URL(request.url()).pathname];
    void (answer === undefined ? request.continue() : request.respond(answer));
  });
  await page.goto(`${api.url}/page.html`);
  await page.waitForFunction('globalThis.client !== undefined');
});
afterAll(async () => {
  await browser.close();
  await packed.remove();
  await api.stop();
});

/** Runs the text as a function of the page, which sees `client` and `styleflow`. */
const inPage = (text: string): Promise<unknown> => page.evaluate(`(async () => { ${text} })()`);

describe('in a browser', () => {
  it('jobs are submitted, listed, followed, canceled and deleted', async () => {
    const told = await inPage(`
      const job = await client.jobs.submitUrl('http://127.0.0.1:9/a.mp4');
      const listed = [];
      for await (const each of client.jobs.list({ limit: 1 })) listed.push(each.id === job.id);
      const watch = new AbortController();
      const watching = client.jobs.wait(job.id, { signal: watch.signal, onChange: () => watch.abort(new Error('seen')) });
      const seen = await watching.catch((error) => error.message);
      const events = [];
      for await (const event of client.jobs.events(job.id)) {
        events.push(event.type);
        break;
      }
      const canceled = await client.jobs.cancel(job.id);
      await client.jobs.delete(job.id);
      return { status: job.status, listed, seen, events, canceled: canceled.id === job.id };`);
    expect(told).toEqual({ status: 'queued', listed: [true], seen: 'seen', events: ['status'], canceled: true });
  });

  it('a file is uploaded with progress, and an upload can be given up', async () => {
    const told = await inPage(`
      const film = new File([new Uint8Array(3_000_000)], 'a.mp4');
      const seen = [];
      const job = await client.jobs.submitVideo(film, { onProgress: (sent, total) => seen.push([sent, total]) });
      const stop = new AbortController();
      const sending = client.uploads.send(film, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
      return { file: job.metadata.file, last: seen.at(-1), given: await sending.catch((error) => error.message) };`);
    expect(told).toEqual({ file: 'a.mp4', last: [3_000_000, 3_000_000], given: 'enough' });
  });

  it('errors have their codes', async () => {
    const told = await inPage(`
      const error = await client.jobs.get('job_1').catch((thrown) => thrown);
      return [error instanceof styleflow.StyleFlowError, error.code, styleflow.isStyleFlowError(error, 'not_found')];`);
    expect(told).toEqual([true, 'not_found', true]);
  });

  it('deliveries of webhooks are verified', async () => {
    const key = Buffer.from('a secret of thirty-two characters');
    const body = JSON.stringify({ type: 'job.succeeded', timestamp: new Date().toISOString(), data: { job: 'job_1' } });
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', key).update(`msg_1.${timestamp}.${body}`).digest('base64');
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    const told = await inPage(`
      const [body, headers, secret] = ${JSON.stringify([body, headers, `whsec_${key.toString('base64')}`])};
      const event = await client.webhooks.verify(body, headers, secret);
      const forged = await client.webhooks.verify(body + ' ', headers, secret).catch(({ code }) => code);
      return { type: event.type, job: event.data.job, forged };`);
    expect(told).toEqual({ type: 'job.succeeded', job: 'job_1', forged: 'unauthorized' });
  });

  it('nothing failed unseen', () => expect(faults).toEqual([]));
});

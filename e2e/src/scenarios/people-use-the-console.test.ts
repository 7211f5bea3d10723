// @module-tag chromium
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StyleFlowClient } from '@styleflow/client';
import { type ConsolePage, openConsole } from '../system/console-page.js';
import { type SystemUnderTest, startSystem } from '../system/system.js';

const [ANNA, ROOT] = ["anna's key", "root's key"];
const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
/** Runs as soon as anybody takes it for markup. */
const EVIL_NAME = '<img src=x onerror=globalThis.ran=1> фильм 映画.mp4';

let system: SystemUnderTest;
let folder: string;
let video: string;
let anna: StyleFlowClient;
let screen: ConsolePage;

beforeAll(async () => {
  const keys = `anna:user:sha256:${sha256(ANNA)},root:admin:sha256:${sha256(ROOT)}`;
  [system, folder] = await Promise.all([
    startSystem({ STYLEFLOW_API_KEYS: keys }),
    mkdtemp(join(tmpdir(), 'styleflow-console-')),
  ]);
  video = join(folder, EVIL_NAME);
  await copyFile(await makeVideo({ frames: 40 }), video);
  anna = new StyleFlowClient({ api: system.url, key: ANNA });
  screen = await openConsole(system.url);
});
afterAll(async () => {
  await screen.close();
  await system.stop();
  await rm(folder, { recursive: true, force: true });
});

async function signIn(key: string): Promise<void> {
  await screen.type('textbox', 'API key', key);
  await screen.press('button', 'Sign in');
}

describe('a person with a key', () => {
  it('is asked for it, told that a wrong one is wrong, and let in with the right one', async () => {
    await screen.open('/');
    await screen.sees('This StyleFlow asks for a key');
    await signIn('a guess');
    await screen.sees('StyleFlow does not know this key');
    await signIn(ANNA);
    await screen.find('heading', 'Analyse videos');
    expect(await screen.page.evaluate('location.href')).not.toContain('key');
    expect(await screen.page.$('nav a[href="#/system"]')).toBeNull();
  });

  it('drops a video, watches it and reads what came of it; a name with markup stays a name', async () => {
    await screen.drop('.drop', [video]);
    await screen.sees('inconclusive');
    const [job] = (await anna.list()).jobs;
    expect(job?.metadata.file).toBe(EVIL_NAME);
    await screen.press('link', EVIL_NAME);
    await screen.sees('The model is not trained: its score says nothing about the video.');
    await screen.page.waitForFunction('document.querySelector(".strip img")?.naturalWidth > 1000');
    expect(await screen.page.evaluate('globalThis.ran')).toBeUndefined();
  });

  it('names addresses, and reads why one of them failed', async () => {
    await screen.open('/');
    await screen.type('textbox', 'Addresses of videos, one a line', 'http://127.0.0.1:9/gone.mp4\nno address');
    await screen.sees('1 line is no address: no');
    await screen.press('button', 'Analyse 1 address');
    await screen.find('link', 'http://127.0.0.1:9/gone.mp4');
    const [job] = (await anna.list({ q: 'gone' })).jobs;
    await anna.cancel(job?.id ?? '');
    await screen.sees('cancelled');
  });

  it('finds a job by its name, opens it with the keyboard alone, and deletes it', async () => {
    await screen.open('/jobs');
    await screen.find('row', EVIL_NAME);
    await screen.type('textbox', 'File name or id begins with', 'GONE');
    await screen.page.waitForFunction('document.querySelectorAll("tbody tr").length === 1');
    await screen.page.waitForFunction('location.hash === "#/jobs?q=GONE"');
    await screen.page.focus('tbody tr');
    await screen.page.keyboard.press('Space');
    await screen.sees('1 job selected');
    await screen.page.keyboard.press('Enter');
    await screen.find('heading', 'gone.mp4');
    await screen.press('button', 'Delete');
    await screen.sees('gone for good');
    // The safe answer has the focus; the other one is one step further.
    await screen.page.keyboard.press('Tab');
    await screen.page.keyboard.press('Enter');
    await screen.find('heading', 'Jobs');
    await until('the job is gone', async () => (await anna.list({ q: 'gone' })).jobs.length === 0);
  });

  it('is told that the connection is lost, and that it is back', async () => {
    await screen.open('/jobs');
    await screen.find('row', EVIL_NAME);
    await screen.page.setOfflineMode(true);
    await screen.sees('StyleFlow cannot be reached');
    expect(await screen.page.$$('tbody tr')).toHaveLength(1);
    await screen.page.setOfflineMode(false);
    await screen.sees('StyleFlow answers again');
  });
});

describe('an operator', () => {
  it('signs in with another key, and pauses and resumes a queue', async () => {
    await screen.press('button', 'Sign out');
    await signIn(ROOT);
    await screen.open('/system');
    await screen.page.locator('tr ::-p-text(Pause)').click();
    await screen.sees('Pause the queue');
    await screen.page.locator('[role=alertdialog] .button.primary').click();
    const root = new StyleFlowClient({ api: system.url, key: ROOT });
    const pausedQueues = async (): Promise<number> => (await root.queues()).queues.filter(({ paused }) => paused).length;
    await until('a queue is paused', async () => (await pausedQueues()) === 1);
    await screen.page.locator('tr ::-p-text(Resume)').click();
    await until('no queue is paused', async () => (await pausedQueues()) === 0);
  });

  it('meets no barrier on any page in either theme, in both languages', async () => {
    const batch = await anna.batches.create({ csv: 'source,truth_label\nhttp://127.0.0.1:9/a.mp4,fake\n' });
    const [job] = (await anna.list({ status: 'succeeded' })).jobs;
    const places = ['/', '/jobs', `/jobs/${job?.id}`, '/batches', `/batches/${batch.id}`, '/models', '/system'];
    for (const [scheme, language] of [['light', 'en'], ['dark', 'de']] as const) {
      await screen.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await screen.page.evaluate(`localStorage.setItem('styleflow.language', '${language}')`);
      for (const place of [...places, '/system/queues/prepare?state=waiting', '/nowhere']) {
        await screen.open(place);
        await screen.page.waitForSelector('h1');
        await screen.page.waitForNetworkIdle({ idleTime: 300 });
        expect(await screen.barriers(), `${place} ${scheme}`).toEqual([]);
      }
      expect(await screen.page.evaluate('document.documentElement.lang')).toBe(language);
    }
  });

  it('is asked for a key again when it was revoked', async () => {
    await screen.page.evaluate(`localStorage.setItem('styleflow.language', 'en')`);
    await screen.open('/jobs');
    await screen.find('heading', 'Jobs');
    await screen.page.setRequestInterception(true);
    const body = JSON.stringify({ type: 'x', title: 'x', status: 401, detail: 'x', code: 'unauthorized' });
    screen.page.on('request', (request) => {
      const isCall = new URL(request.url()).pathname.startsWith('/v1/');
      void (isCall ? request.respond({ status: 401, contentType: 'application/problem+json', body }) : request.continue());
    });
    await screen.sees('Your key is no longer taken');
    expect(await screen.page.evaluate('sessionStorage.length')).toBe(0);
  });

  it('nothing was refused by the policy of the page, and nothing failed unseen', () => expect(screen.faults).toEqual([]));
});

// @module-tag chromium
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StyleFlowClient } from '@styleflow/client';
import { type LoopbackServer, makeVideo, startHttpServer, until } from '@styleflow/testing';
import type { HTTPRequest } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsolePage, openConsole } from '../system/console-page.js';
import { type SystemUnderTest, startSystem } from '../system/system.js';

const [ANNA, ROOT] = ['key-of-anna', 'key-of-root'];
const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
/** Runs as soon as anybody takes it for markup. */
const EVIL_NAME = '<img src=x onerror=globalThis.ran=1> фильм 映画.mp4';

let system: SystemUnderTest;
let videos: LoopbackServer;
let folder: string;
let anna: StyleFlowClient;
let screen: ConsolePage;

beforeAll(async () => {
  const keys = `anna:user:sha256:${sha256(ANNA)},root:admin:sha256:${sha256(ROOT)}`;
  const [video, long] = await Promise.all([makeVideo({ frames: 40 }), makeVideo({ frames: 72 })]);
  [system, folder] = await Promise.all([
    startSystem({ STYLEFLOW_API_KEYS: keys }),
    mkdtemp(join(tmpdir(), 'styleflow-console-')),
  ]);
  await copyFile(long, join(folder, EVIL_NAME));
  const bytes = await readFile(video);
  videos = await startHttpServer(({ url }, response) => {
    response.writeHead(url === '/missing.mp4' ? 404 : 200, { 'content-type': 'video/mp4' });
    response.end(url === '/missing.mp4' ? '' : bytes);
  });
  anna = new StyleFlowClient({ api: system.url, key: ANNA });
  screen = await openConsole(system.url, folder);
});
afterAll(async () => {
  await screen.close();
  await system.stop();
  await videos.stop();
  await rm(folder, { recursive: true, force: true });
});

async function signIn(key: string): Promise<void> {
  await screen.type('textbox', 'API key', key);
  await screen.press('button', 'Sign in');
}

/** The file that the page saves, once it is whole. */
async function saved(fits: RegExp): Promise<string> {
  const name = await until('the file is saved', async () => (await readdir(folder)).find((each) => fits.test(each)));
  return join(folder, name);
}

describe('a person with a key', () => {
  it('is asked for it, told that a wrong one is wrong, and let in with the right one', async () => {
    await screen.open('/');
    await screen.sees('This StyleFlow asks for a key');
    await signIn('a-guess');
    await screen.sees('StyleFlow does not know this key');
    await signIn(ANNA);
    await screen.find('heading', 'Analyse videos');
    expect(await screen.page.evaluate('location.href')).not.toContain('key');
    expect(await screen.page.$('nav a[href="#/system"]')).toBeNull();
  });

  it('drops a video, watches it and reads what came of it; a name with markup stays a name', async () => {
    await screen.drop('.drop', [join(folder, EVIL_NAME)]);
    await screen.holds(`document.querySelector('[role=progressbar]') !== null`);
    await screen.sees('inconclusive');
    const [job] = (await anna.jobs.page()).jobs;
    expect(job?.metadata.file).toBe(EVIL_NAME);
    await screen.press('link', EVIL_NAME);
    await screen.sees('This is not a verdict');
    expect(await screen.page.evaluate('globalThis.ran')).toBeUndefined();
  });

  it('sees who is who, opens a clip from the timeline by keyboard and sees it move', async () => {
    await screen.holds(`document.querySelector('.player video')?.readyState >= 2`);
    await screen.holds(`document.querySelectorAll('.player svg .jv-box').length > 0`);
    await screen.holds(`document.querySelector('.jv-frame img')?.naturalWidth > 100`);
    await screen.tabTo('Face 1');
    await screen.keys('Tab', 'ArrowRight', 'ArrowRight', 'Enter');
    await screen.holds(`document.activeElement.matches('details[open] > summary')`);
    await screen.holds(
      `getComputedStyle(document.querySelector('#clip-0-1 .jv-loop')).backgroundImage.startsWith('url("blob:')`,
    );
    await screen.holds(`document.querySelector('#clip-0-1 .jv-loop').getAnimations()[0]?.playState === 'running'`);
    expect(await screen.page.evaluate('location.hash')).toMatch(/^#\/jobs\/job_/);
  });

  it('opens the report in a tab of its own, by keyboard and without the key in its address', async () => {
    await screen.tabTo('Open the report');
    await screen.keys('Enter');
    const opened = await screen.page
      .browser()
      .waitForTarget((target) => target.url().includes('/report?access='), { timeout: 120_000 });
    expect(opened.url()).not.toContain(ANNA);
    const tab = await opened.page();
    await until('the report is there', async () => (await tab?.title().catch(() => ''))?.includes('StyleFlow'));
    expect(await tab?.content()).toContain('This is not a verdict');
    await tab?.close();
    await screen.page.bringToFront();
  });

  it('saves the report, the PDF or reads why there is none, and the result', async () => {
    await screen.press('button', 'Save the report');
    expect(await readFile(await saved(/^report-.*html$/), 'utf8')).toContain('This is not a verdict');
    // As root a worker's Chromium has no sandbox, and prints nothing.
    await screen.press('button', 'Save as PDF');
    await until('the PDF is saved, or it is said why not', async () => {
      if ((await readdir(folder)).some((name) => /^report-.*pdf$/.test(name))) return true;
      return screen.page.evaluate(`document.body.innerText.includes('Nobody here can do that at present')`);
    });
    await screen.press('button', 'Save the result (JSON)');
    expect(JSON.parse(await readFile(await saved(/^result-.*json$/), 'utf8'))).toMatchObject({ partial: false });
  });

  it('names addresses by keyboard alone, and reads why one of them failed', async () => {
    await screen.open('/');
    await screen.find('heading', 'Analyse videos');
    await screen.tabTo('Addresses of videos, one a line');
    await screen.page.keyboard.type(`${videos.url}/street.mp4\n${videos.url}/missing.mp4\nno`);
    await screen.sees('1 line is no address: no');
    await screen.tabTo('Analyse 2 addresses');
    await screen.keys('Enter');
    await screen.find('link', `${videos.url}/street.mp4`);
    await screen.sees('The video cannot be reached at its address');
    await screen.sees('inconclusive');
  });

  it('narrows the list, exports it, opens a job and deletes it, by keyboard alone', async () => {
    await screen.tabTo('Jobs');
    await screen.keys('Enter');
    await screen.find('row', EVIL_NAME);
    await screen.tabTo('File name or id begins with');
    await screen.page.keyboard.type('MISS');
    await screen.holds(`location.hash === '#/jobs?q=MISS' && document.querySelectorAll('tbody tr').length === 1`);
    await screen.tabTo('As CSV');
    await screen.keys('Enter');
    expect(await readFile(await saved(/^jobs\.csv$/), 'utf8')).toMatch(/missing\.mp4,failed,.*source_unreachable/);
    await screen.page.focus('tbody tr');
    await screen.keys('Space');
    await screen.sees('1 job selected');
    await screen.keys('Enter');
    await screen.find('heading', 'missing.mp4');
    await screen.sees('The analysis failed');
    await screen.tabTo('Delete');
    await screen.keys('Enter');
    await screen.sees('gone for good');
    // The safe answer has the focus; the other one is one step further.
    await screen.keys('Tab', 'Enter');
    await screen.find('heading', 'Jobs');
    await until('the job is gone', async () => (await anna.jobs.page({ q: 'missing' })).jobs.length === 0);
  });

  it('begins a batch with labels and reads what came of it, by keyboard alone', async () => {
    const list = join(folder, 'list.csv');
    const rows = [`${videos.url}/a.mp4,fake`, `${videos.url}/b.mp4,real`, `${videos.url}/missing.mp4,real`];
    await writeFile(list, ['source,truth_label', ...rows, ''].join('\n'));
    await screen.tabTo('Batches');
    await screen.keys('Enter');
    await screen.find('heading', 'Batches');
    await screen.tabTo('Choose a list');
    const chooser = screen.page.waitForFileChooser();
    // Once the page answers this it knows that somebody waits for its dialog.
    await screen.holds('true');
    await screen.keys('Enter');
    await (await chooser).accept([list]);
    await screen.sees('3 videos would be analysed');
    await screen.tabTo('Start the batch');
    await screen.keys('Enter');
    await screen.sees('3 of 3 videos ended');
    await screen.sees('AUC 0.500');
    await screen.find('link', 'a.mp4');
    await screen.tabTo('NDJSON');
    await screen.keys('Enter');
    expect((await readFile(await saved(/^results-.*ndjson$/), 'utf8')).trim().split('\n')).toHaveLength(3);
  });

  it('is told once that the API was updated; a page that is gone leaves the rest, and what was typed stays', async () => {
    await screen.go('/');
    await screen.type('textbox', 'Addresses of videos, one a line', 'https://example.org/later.mp4');
    await screen.page.setRequestInterception(true);
    const other = (request: HTTPRequest): void => {
      const { pathname } = new URL(request.url());
      const isGone = /models-page/.test(pathname);
      const isVersion = pathname === '/healthcheck';
      const json = { contentType: 'application/json', body: JSON.stringify({ healthy: true, version: '9.9.9' }) };
      void (isGone ? request.respond({ status: 404 }) : isVersion ? request.respond(json) : request.continue());
    };
    screen.page.on('request', other);
    const faultsBefore = screen.faults.length;
    await screen.press('link', 'Models');
    await screen.sees('This page could not be shown');
    await screen.sees('it is version 9.9.9 now');
    // The page itself says in the browser's own log what did not come.
    screen.faults.splice(faultsBefore);
    await screen.press('link', 'Jobs');
    await screen.find('row', EVIL_NAME);
    await screen.press('button', 'Close');
    await screen.holds(`!document.body.innerText.includes('9.9.9')`);
    screen.page.off('request', other);
    await screen.page.setRequestInterception(false);
    await screen.open('/');
    await screen.holds(`document.querySelector('textarea')?.value === 'https://example.org/later.mp4'`);
    await screen.find('link', EVIL_NAME);
  });

  it('is told that the connection is lost, and that it is back', async () => {
    await screen.page.setOfflineMode(true);
    await screen.press('link', 'Jobs');
    await screen.sees('StyleFlow cannot be reached');
    await screen.page.setOfflineMode(false);
    await screen.sees('StyleFlow answers again');
    await screen.find('row', EVIL_NAME);
  });
});

describe('an operator', () => {
  it('signs in with another key, and pauses and resumes a queue by keyboard alone', async () => {
    await screen.press('button', 'Sign out');
    await signIn(ROOT);
    await screen.find('link', 'System');
    await screen.tabTo('System');
    await screen.keys('Enter');
    await screen.find('heading', 'System');
    await screen.find('rowheader', 'prepare');
    await screen.tabTo('Pause');
    await screen.keys('Enter');
    await screen.sees('Pause the queue');
    await screen.keys('Tab', 'Enter');
    const root = new StyleFlowClient({ api: system.url, key: ROOT });
    const pausedQueues = async (): Promise<number> =>
      (await root.queues()).queues.filter(({ paused }) => paused).length;
    await until('a queue is paused', async () => (await pausedQueues()) === 1);
    await screen.holds(`document.querySelector('[aria-label="Resume: prepare"]') !== null`);
    await screen.tabTo('Resume: prepare');
    await screen.keys('Enter');
    await until('no queue is paused', async () => (await pausedQueues()) === 0);
  });

  it('comes to the models by keyboard alone', async () => {
    await screen.tabTo('Models');
    await screen.keys('Enter');
    await screen.find('heading', 'Models');
  });

  it('meets no barrier on any page in either theme, in both languages', async () => {
    const [[job], [batch]] = [
      (await anna.jobs.page({ status: 'succeeded' })).jobs,
      (await anna.batches.page()).batches,
    ];
    const places = ['/', '/jobs', `/jobs/${job?.id}`, '/batches', `/batches/${batch?.id}`, '/models', '/system'];
    for (const [scheme, language] of [
      ['light', 'en'],
      ['dark', 'de'],
    ] as const) {
      await screen.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await screen.page.evaluate(`localStorage.setItem('styleflow.language', '${language}')`);
      await screen.open('/');
      for (const place of [...places, '/system/queues/prepare?state=completed', '/nowhere']) {
        await screen.go(place);
        await screen.page.waitForSelector('h1');
        await screen.page.waitForNetworkIdle({ idleTime: 200 });
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
      void (isCall
        ? request.respond({ status: 401, contentType: 'application/problem+json', body })
        : request.continue());
    });
    // Its next call: the list would ask again by itself after five seconds.
    await screen.press('link', 'Batches');
    await screen.sees('Your key is no longer taken');
    expect(await screen.page.evaluate('sessionStorage.length')).toBe(0);
    expect(await screen.barriers()).toEqual([]);
  });

  it('nothing was refused by the policy of the page, and nothing failed unseen', () =>
    expect(screen.faults).toEqual([]));
});

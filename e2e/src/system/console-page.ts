import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { until } from '@styleflow/testing';
import puppeteer, { type Page } from 'puppeteer-core';
import { findChromium } from './find-chromium.js';

/** Of everything that one waits for on a page; a busy machine takes many times what an idle one does. */
const PATIENCE_MS = 120_000;
/** Steps of the keyboard from the top of a page to its end. */
const STOPS_MAX = 120;
/** Of the name of a stop, where it is told: the page itself has all its words. */
const SHOWN_OF_NAME = 60;

/** The console in a real browser, as a person without a mouse finds it: by roles and names. What fails tells what the page shows. */
export interface ConsolePage {
  readonly page: Page;
  /** What the page complained of: errors, and what its policy has refused. */
  readonly faults: string[];
  /** Opens a place of the console afresh, `#/…` left out. */
  open(place: string): Promise<void>;
  /** Goes to a place without loading the page anew, as a link does. */
  go(place: string): Promise<void>;
  /** Waits for something with this role and name; quotes in names are not possible. */
  find(role: string, name: string): Promise<void>;
  press(role: string, name: string): Promise<void>;
  /** Types into a field, in place of what stands there. */
  type(role: string, name: string, text: string): Promise<void>;
  /** Waits until the page shows the text. */
  sees(text: string): Promise<void>;
  /** Waits until an expression holds in the page. */
  holds(expression: string): Promise<void>;
  /** Moves the focus with Tab until it is on something with this name. */
  tabTo(name: string): Promise<void>;
  keys(...keys: readonly ('Enter' | 'Space' | 'Tab' | 'ArrowRight' | 'ArrowDown')[]): Promise<void>;
  /** Drops files onto what the selector finds. */
  drop(selector: string, files: readonly string[]): Promise<void>;
  /** What the accessibility checker calls serious or worse, a line each. */
  barriers(): Promise<string[]>;
  close(): Promise<void>;
}

/** @param downloads the folder for files that the page saves */
export async function openConsole(url: string, downloads: string): Promise<ConsolePage> {
  const browser = await puppeteer.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.setViewport({ width: 1280, height: 900 });
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // The browser itself notes every answer that is a refusal, and every call while it is offline.
    if (message.type() === 'error' && !/^Failed to load resource/.test(message.text())) faults.push(message.text());
  });
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const named = (role: string, name: string) => page.locator(`::-p-aria([name="${name}"][role="${role}"])`);
  const holds = async (expression: string): Promise<void> => {
    // The browser's own waiting would have the page make code of text, which its policy forbids.
    await until(expression, async () => await page.evaluate(expression), { timeoutMs: PATIENCE_MS });
  };
  const focused = async (): Promise<string> => {
    const name = await page.evaluate(`(({ activeElement: on }) =>
      on.getAttribute('aria-label') ?? on.labels?.[0]?.innerText ?? on.innerText ?? '')(document)`);
    return String(name).trim().replaceAll(/\s+/g, ' ');
  };
  const parts: Omit<ConsolePage, 'page' | 'faults' | 'close'> = {
    open: async (place) => {
      await page.goto('about:blank');
      await page.goto(`${url}/#${place}`);
    },
    go: async (place) => {
      await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
    },
    find: async (role, name) => {
      await named(role, name).wait();
    },
    press: (role, name) => named(role, name).click(),
    type: async (role, name, text) => {
      await (await named(role, name).waitHandle()).focus();
      await page.keyboard.down('Control');
      await page.keyboard.press('a');
      await page.keyboard.up('Control');
      await page.keyboard.type(text);
    },
    sees: (text) => holds(`document.body.innerText.includes(${JSON.stringify(text)})`),
    holds,
    tabTo: async (name) => {
      const passed: string[] = [];
      for (let stop = 0; stop < STOPS_MAX; stop += 1) {
        const at = await focused();
        if (at === name) return;
        passed.push(at.slice(0, SHOWN_OF_NAME));
        await page.keyboard.press('Tab');
      }
      throw new Error(`the keyboard came by ${passed.join(' · ')}`);
    },
    keys: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    },
    drop: async (selector, files) => {
      const box = await (await page.waitForSelector(selector))?.boundingBox();
      if (box === null || box === undefined) throw new Error(`${selector} has no place`);
      const at = { x: box.x + box.width / 2, y: box.y + 12 };
      const data = { items: [], files: [...files], dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
        await session.send('Input.dispatchDragEvent', { type, ...at, data });
      }
    },
    barriers: async () => {
      // The page's own policy would refuse it as a script element.
      await page.evaluate(`globalThis.axe === undefined && (() => { ${axe} })()`);
      const found = await page.evaluate(`axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html.slice(0, 150) + ' ' +
          failureSummary.slice(0, 250)).join(' | ')))`);
      return found as string[];
    },
  };
  return { page, faults, ...told(page, faults, parts), close: () => browser.close() };
}

/** The same calls; one that fails says which it was and what the page shows. */
function told<T extends object>(page: Page, faults: readonly string[], calls: T): T {
  const named = Object.entries<(...words: readonly unknown[]) => Promise<unknown>>({ ...calls } as never);
  const wrapped = named.map(([name, call]) => [
    name,
    async (...words: readonly unknown[]) => {
      try {
        return await call(...words);
      } catch (error) {
        const shown = await page.evaluate('location.hash + "\\n" + document.body.innerText').catch(String);
        const why = error instanceof Error ? error.message : String(error);
        const step = `${name}(${words.map((word) => JSON.stringify(word)).join(', ')})`;
        throw new Error(`${step}: ${why}\n--- the page shows ${shown}\n--- ${faults.join('\n')}`, { cause: error });
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

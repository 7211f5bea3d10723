import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

/** The console in a real browser, as a person without a mouse finds it: by roles and names. */
export interface ConsolePage {
  readonly page: Page;
  /** What the page complained of: errors, and what its policy has refused. */
  readonly faults: string[];
  /** Opens a place of the console afresh, `#/…` left out. */
  open(place: string): Promise<void>;
  /** Waits for something with this role and name; quotes in names are not possible. */
  find(role: string, name: string): Promise<void>;
  press(role: string, name: string): Promise<void>;
  type(role: string, name: string, text: string): Promise<void>;
  /** Waits until the page shows the text. */
  sees(text: string): Promise<void>;
  /** Drops files onto the middle of what the selector finds. */
  drop(selector: string, files: readonly string[]): Promise<void>;
  /** What the accessibility checker calls serious or worse, a line each. */
  barriers(): Promise<string[]>;
  close(): Promise<void>;
}

export function findChromium(): string {
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'chromium'));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('there is no chromium');
  return found;
}

export async function openConsole(url: string): Promise<ConsolePage> {
  const browser: Browser = await puppeteer.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  await page.setViewport({ width: 1280, height: 900 });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // The browser itself notes every answer that is a refusal, and every call while it is offline.
    if (message.type() === 'error' && !/^Failed to load resource/.test(message.text())) faults.push(message.text());
  });
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const named = (role: string, name: string) => page.locator(`::-p-aria([name="${name}"][role="${role}"])`);
  return {
    page,
    faults,
    open: async (place) => {
      await page.goto('about:blank');
      await page.goto(`${url}/#${place}`);
    },
    find: async (role, name) => {
      await named(role, name).wait();
    },
    press: (role, name) => named(role, name).click(),
    type: (role, name, text) => named(role, name).fill(text),
    sees: async (text) => {
      await page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(text)})`);
    },
    drop: async (selector, files) => {
      const box = await (await page.waitForSelector(selector))?.boundingBox();
      if (box === null || box === undefined) throw new Error(`${selector} has no place`);
      const session = await page.createCDPSession();
      const at = { x: box.x + box.width / 2, y: box.y + 12 };
      const data = { items: [], files: [...files], dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
        await session.send('Input.dispatchDragEvent', { type, ...at, data });
      }
      await session.detach();
    },
    barriers: async () => {
      // The page's own policy would refuse it as a script element.
      await page.evaluate(axe);
      const found = await page.evaluate(`axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`);
      return found as string[];
    },
    close: () => browser.close(),
  };
}

import { appendFile, copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBundle } from '@styleflow/bundles';
import { TINY } from '@styleflow/testing/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ImportOptions, importBundle } from './import-bundle.js';
import { type ManifestFacts, placeBundle } from './write-bundle.js';

const CONTENT = `${TINY}content-tiny.pth`;
const OTHER_CONTENT = `${TINY}style-content-tiny.pth`;

let folder: string;
let directory: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replace-bundle-'));
  directory = join(folder, 'out');
});
afterEach(() => rm(folder, { recursive: true }));

function importContent(content: string, more: Partial<ImportOptions> = {}) {
  const options = { directory, name: 'test', trained: true, threshold: 0.2, parts: false, ...more };
  return importBundle({ checkpoints: { content }, ...options });
}

async function expectRefused(importing: Promise<unknown>, message: string | RegExp): Promise<void> {
  await expect(importing).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringMatching(message) });
}

describe('an import into a folder where a bundle stands', () => {
  it('takes the place of the same one and says so, also when it is set otherwise, damaged, or its file has moved', async () => {
    const { id, replaced } = await importContent(CONTENT);
    expect(replaced).toBeNull();
    expect((await importContent(CONTENT, { threshold: 0.5, parts: true })).replaced).toBe(id);
    const moved = join(folder, 'moved.pth');
    await copyFile(CONTENT, moved);
    await appendFile(join(directory, 'styleflow.onnx'), 'x');
    const again = await importContent(moved);
    expect(again.id).toBe(id);
    expect((await openBundle(directory)).manifest).toMatchObject({ threshold: 0.2, source: [{ file: 'moved.pth' }] });
  });

  it('is refused where another one stands, which stays: of another name, precision or file', async () => {
    const { id } = await importContent(CONTENT);
    const words = (difference: string) =>
      new RegExp(`out holds ${id}, and this is another one \\(${difference}\\): name another folder, or .*--replace`);
    await expectRefused(importContent(CONTENT, { name: 'second' }), words('its name is second, not test'));
    await expectRefused(importContent(CONTENT, { precision: 'fp16' }), words('its precision is fp16, not fp32'));
    const files = /its content file is style-content-tiny\.pth \(SHA-256 [0-9a-f]{12}\), not content-tiny\.pth \(SHA/;
    await expectRefused(importContent(OTHER_CONTENT), words(`${files.source}.*`));
    expect((await openBundle(directory)).id).toBe(id);
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('is told apart by every file that a bundle is made from', async () => {
    const style = { 'style-gru': `${TINY}style-gru-tiny.pth`, psp: `${TINY}psp-tiny.pt` };
    await importContent(OTHER_CONTENT);
    const whole = importContent(OTHER_CONTENT, { checkpoints: { content: OTHER_CONTENT, ...style } });
    await expectRefused(whole, /it has the style-gru file style-gru-tiny\.pth \(SHA-256 .*\) too/);
    await importContent('', { checkpoints: style, parts: true, directory: join(folder, 'parts') });
    const less = importContent('', { checkpoints: { psp: style.psp }, parts: true, directory: join(folder, 'parts') });
    await expectRefused(less, /it has no style-gru file, as style-gru-tiny\.pth/);
  });

  it('takes the place of another one when the caller says so, and tells which', async () => {
    const { id } = await importContent(CONTENT);
    const second = await importContent(OTHER_CONTENT, { name: 'second', precision: 'fp16', mayReplaceOther: true });
    expect(second.replaced).toBe(id);
    expect((await openBundle(directory)).id).toBe(second.id);
  });

  it('is refused as well when another one got there while it was at work', async () => {
    const facts: ManifestFacts = {
      name: 'slow',
      variant: 'parts',
      trained: false,
      precision: 'fp32',
      threshold: 0.2,
      calibration: { a: 1, b: 0 },
      source: [],
      createdAt: new Date(),
    };
    let quick: { readonly id: string } | undefined;
    const slow = placeBundle(directory, facts, async () => {
      quick = await importContent(CONTENT);
      return { files: {}, bytesPerClip: 0 };
    });
    await expectRefused(slow, /out holds test@[0-9a-f]{12}, and this is another one \(its name is slow/);
    expect((await openBundle(directory)).id).toBe(quick?.id);
    expect(await readdir(folder)).toEqual(['out']);
  });
});

import { execFile } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeVideo } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SystemUnderTest, startSystem } from '../system/system.js';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));
/** A YuNet that finds a face, 3 × 5 cells large, wherever its picture is bright. */
const BRIGHT_YUNET = fileURLToPath(new URL('../../../packages/converter/fixtures/bright-yunet.onnx', import.meta.url));

let folder: string;
let system: SystemUnderTest | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-detector-'));
});
afterAll(async () => {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function importOf(name: string, descriptor: object) {
  const [page, detector] = [join(folder, `${name}.json`), join(folder, name)];
  await writeFile(page, JSON.stringify(descriptor));
  const command = ['models', 'import-detector', '--onnx', BRIGHT_YUNET, '--descriptor', page, '--out', detector];
  return { detector, imported: run(process.execPath, [CLI, ...command, '--json']) };
}

it('an ONNX detector and a page of JSON find what CPU workers follow', async () => {
  const { detector, imported } = await importOf('bright', { family: 'yunet', thresholds: { minScore: 0.7 } });
  expect(JSON.parse((await imported).stdout)).toMatchObject({ kind: 'yunet', network: { size: [640, 640] } });

  system = await startSystem({ STYLEFLOW_DETECTOR: detector, STYLEFLOW_MAX_FACES: '1' });
  const { client } = system;
  // This video shows nobody, so the bundled detector would find nothing.
  const job = await client.submitFile(await makeVideo({ people: [], frames: 32, size: { width: 320, height: 180 } }));
  expect(await client.wait(job.id)).toMatchObject({ status: 'succeeded', verdict: { reason: 'untrained_bundle' } });
  const [face] = (await client.result(job.id)).faces;
  const [left = 0, top = 0, right = 0, bottom = 0] = face?.boxes[0]?.box ?? [];
  // The network sees the frame at twice the size, so its cells of 8 pixels are 4 pixels here.
  expect([right - left, bottom - top].map((side) => Number(side.toFixed(3)))).toEqual([12, 20]);
});

it('a descriptor that does not fit is refused with exit code 2, and so are flags that say two things', async () => {
  const { detector, imported } = await importOf('wrong', { family: 'scrfd' });
  const sentence = /^error: invalid_request: the model has 12 outputs: .*the family scrfd expects 9: scores of/;
  await expect(imported).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(sentence) });
  await expect(access(detector)).rejects.toMatchObject({ code: 'ENOENT' });
  const both = ['models', 'import-detector', '--retinaface', 'a.pth', '--onnx', BRIGHT_YUNET, '--out', detector];
  await expect(run(process.execPath, [CLI, ...both])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('either --retinaface FILE, or --onnx FILE with --descriptor FILE is needed'),
  });
});

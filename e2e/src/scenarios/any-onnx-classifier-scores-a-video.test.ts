import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeVideo } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MEAN_OF_PICTURE } from '../system/mean-of-picture.js';
import { type SystemUnderTest, startSystem } from '../system/system.js';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));

let folder: string;
let system: SystemUnderTest | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-custom-'));
});
afterAll(async () => {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Writes the model and its descriptor. Answers the bundle's folder and the command that makes the bundle. */
async function importOf(name: string, descriptor: object) {
  const [model, page, bundle] = [join(folder, `${name}.onnx`), join(folder, `${name}.json`), join(folder, name)];
  await writeFile(model, MEAN_OF_PICTURE);
  await writeFile(page, JSON.stringify(descriptor));
  const command = [CLI, 'models', 'import-onnx', model, '--descriptor', page, '--out', bundle, '--json'];
  return { bundle, command };
}

it('an ONNX classifier and a page of JSON become a bundle that workers serve to a verdict', async () => {
  const { bundle, command } = await importOf('mean', {
    layout: 'NCHW',
    size: [64, 64],
    frames: 8,
    output: { kind: 'probability' },
    threshold: 0.01,
  });
  const imported = await run(process.execPath, command);
  const { id, runs } = JSON.parse(imported.stdout) as { id: string; runs: string };
  expect(runs).toBe('together');

  system = await startSystem({ STYLEFLOW_BUNDLE: bundle });
  const { client } = system;
  const job = await client.submitFile(await makeVideo({ frames: 64 }));
  const ended = await client.wait(job.id);
  expect(ended).toMatchObject({ status: 'succeeded', verdict: { label: 'fake', threshold: 0.01 } });
  const result = await client.result(job.id);
  expect(result.model).toMatchObject({ bundle: id, variant: 'custom', trained: true, provider: 'cpu' });
  const clips = result.faces[0]?.clips ?? [];
  expect(clips).toHaveLength(2);
  expect(clips[0]?.styleFlow).toBeUndefined();
  expect(clips[0]?.attention).toBeUndefined();
  // This model's score is the mean of a face's pixels in 0..1, and a face is neither black nor white.
  for (const { score } of clips) expect(score).toBeGreaterThan(0.1);
  for (const { score } of clips) expect(score).toBeLessThan(0.9);
  const report = await (await fetch(`${system.url}/v1/jobs/${job.id}/report`)).text();
  expect(report).toContain('custom');
});

it('a descriptor that does not fit is refused with exit code 2, and nothing is left behind', async () => {
  const descriptor = { layout: 'NCHW', size: [224, 224], output: { kind: 'logit' } };
  const { bundle, command } = await importOf('wrong', descriptor);
  const refused = run(process.execPath, command);
  const sentence =
    /^error: invalid_request: the model's input is "x" float32 \[N, 3, 64, 64\].*height must be 64, not 224/;
  await expect(refused).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(sentence) });
  await expect(run(process.execPath, [CLI, 'models', 'verify', bundle])).rejects.toMatchObject({ code: 2 });
});

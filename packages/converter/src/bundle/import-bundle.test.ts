import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBundle, openServableBundle } from '@styleflow/bundles';
import { contentShapes, inspectCheckpoint, randomTensors, styleGruShapes } from '@styleflow/checkpoints';
import { openSession } from '@styleflow/inference';
import { FAMILY, floats, TINY, type TorchTensor, torchZip } from '@styleflow/testing/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ImportOptions, importBundle } from './import-bundle.js';
import { UNTRAINED_WIDTHS, writeUntrainedBundle } from './untrained-bundle.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
});
afterEach(() => rm(folder, { recursive: true }));

function options(checkpoints: ImportOptions['checkpoints'], more: Partial<ImportOptions> = {}): ImportOptions {
  return {
    checkpoints,
    directory: join(folder, 'out'),
    name: 'test',
    trained: true,
    threshold: 0.2,
    parts: false,
    ...more,
  };
}

/** A checkpoint file with random tensors of the shapes given. */
async function checkpointFile(name: string, shapes: ReadonlyMap<string, readonly number[]>): Promise<string> {
  const source = randomTensors(shapes, 1);
  const tensors: Record<string, TorchTensor> = {};
  for (const [tensor, shape] of shapes) tensors[tensor] = floats(shape, [...(await source.read(tensor))]);
  const path = join(folder, name);
  await writeFile(path, torchZip(tensors));
  return path;
}

/** Asserts that nothing was written. */
async function expectNothingLeft(): Promise<void> {
  expect((await readdir(folder)).filter((name) => name.startsWith('out'))).toEqual([]);
}

describe('importBundle', () => {
  it('makes a style-content bundle with its parts, which opens again under the same id', async () => {
    const written = await importBundle(options(FAMILY, { parts: true }));
    expect(written.roles.map(({ role, tensorsUsed }) => [role, tensorsUsed])).toEqual([
      ['content', 240],
      ['style-gru', 27],
      ['psp', 559],
    ]);
    const opened = await openBundle(join(folder, 'out'));
    expect(opened.id).toBe(written.id);
    expect(opened.id).toMatch(/^test@[0-9a-f]{12}$/);
    expect(opened.manifest).toMatchObject({ variant: 'style-content', trained: true, precision: 'fp32' });
    expect(opened.manifest.parts).toEqual(['content.onnx', 'psp.onnx', 'style-gru.onnx', 'head.onnx']);
    expect(opened.manifest.source.map(({ role }) => role)).toEqual(['content', 'style-gru', 'psp']);
    expect(opened.manifest.bytesPerClip).toBeGreaterThan(32 * 16 * 256 * 256 * 4);
    const session = await openSession(opened.graphPath ?? '', { providers: ['cpu'] });
    expect(session.outputNames).toEqual(['style_flow', 'attention', 'logit']);
    await session.release();
  });

  it('keeps its id when its manifest says another memory for a clip: the digest is over the files alone', async () => {
    const { id, manifest } = await importBundle(options({ content: FAMILY.content }));
    const path = join(folder, 'out', 'bundle.json');
    await writeFile(path, JSON.stringify({ ...manifest, bytesPerClip: manifest.bytesPerClip + 1 }));
    const opened = await openBundle(join(folder, 'out'));
    expect(opened.manifest.bytesPerClip).toBe(manifest.bytesPerClip + 1);
    expect(opened.id).toBe(id);
  });

  it('makes a content bundle of content alone, also of a checkpoint that has a style attention', async () => {
    for (const content of [FAMILY.content, `${TINY}content-tiny.pth`]) {
      const { manifest } = await importBundle(options({ content }, { mayReplaceOther: true }));
      expect(manifest.variant).toBe('content');
    }
  });

  it('makes a bundle of parts of a role that comes alone, which workers refuse', async () => {
    const { manifest } = await importBundle(options({ 'style-gru': FAMILY['style-gru'] }, { parts: true }));
    expect(manifest).toMatchObject({ variant: 'parts', parts: ['style-gru.onnx'] });
    expect(Object.keys(manifest.files)).toEqual(['style-gru.onnx']);
    const opened = await openBundle(join(folder, 'out'));
    expect(opened.graphPath).toBeNull();
    await expect(openServableBundle(join(folder, 'out'))).rejects.toMatchObject({
      code: 'bundle_unknown',
      message: expect.stringContaining('holds parts only'),
    });
    const session = await openSession(join(folder, 'out', 'style-gru.onnx'), { providers: ['cpu'] });
    expect(session.outputNames).toEqual(['embedding', 'logit']);
    await session.release();
  });

  it('says which role is missing and that parts may come alone', async () => {
    const alone = importBundle(options({ psp: FAMILY.psp }));
    await expect(alone).rejects.toMatchObject({
      code: 'invalid_request',
      message:
        'the content checkpoint is missing: a bundle that workers serve needs it (with --parts any role may come alone)',
    });
    await expectNothingLeft();
  });

  it('names the tensor that is missing, of another shape, or too much', async () => {
    const refused = async (change: (shapes: Map<string, readonly number[]>) => void, message: string) => {
      const shapes = contentShapes(UNTRAINED_WIDTHS, false);
      change(shapes);
      const content = await checkpointFile('content.pth', shapes);
      await expect(importBundle(options({ content }))).rejects.toMatchObject({ code: 'invalid_request', message });
      await expectNothingLeft();
    };
    const name = 's3.pathway0_res1.branch2.b.weight';
    await refused(
      (shapes) => shapes.delete(name),
      `content checkpoint content.pth: tensor ${name} is missing (expected [4, 4, 1, 1, 1])`,
    );
    await refused(
      (shapes) => shapes.set(name, [4, 5, 1, 1, 1]),
      `content checkpoint content.pth: tensor ${name} has the shape [4, 5, 1, 1, 1], expected [4, 4, 1, 1, 1]`,
    );
    await refused(
      (shapes) => shapes.set('s5.extra.weight', [2]),
      'content checkpoint content.pth: tensor s5.extra.weight [2] does not belong to this network',
    );
  });

  it('refuses a file of another role, a lone style branch and widths that do not meet', async () => {
    await expect(importBundle(options({ content: FAMILY.psp }))).rejects.toThrow(
      'psp-tiny.pt cannot be the content checkpoint: it is a psp checkpoint',
    );
    await expect(importBundle(options({ psp: FAMILY.psp }))).rejects.toThrow('the content checkpoint is missing');
    const { content, psp } = FAMILY;
    await expect(importBundle(options({ content, psp }))).rejects.toThrow('the style-gru checkpoint is missing');
    const wide = styleGruShapes({ ...UNTRAINED_WIDTHS, content: 1, styleDim: 32 });
    const gru = await checkpointFile('gru.pth', wide);
    await expect(importBundle(options({ ...FAMILY, 'style-gru': gru }))).rejects.toThrow(
      'StyleGRU and content do not fit together: 4·H = 256 (H = 64) must equal 16·C = 512 (C = 32)',
    );
    await expectNothingLeft();
  });

  it('never replaces a folder that holds something else, whatever was said', async () => {
    const content = FAMILY.content;
    await mkdir(join(folder, 'photos'));
    await writeFile(join(folder, 'photos', 'me.jpg'), 'x');
    const elsewhere = options({ content }, { directory: join(folder, 'photos'), mayReplaceOther: true });
    await expect(importBundle(elsewhere)).rejects.toThrow('holds something that is no bundle');
    const inFile = options({ content }, { directory: join(folder, 'photos', 'me.jpg'), mayReplaceOther: true });
    await expect(importBundle(inFile)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await readdir(join(folder, 'photos'))).toEqual(['me.jpg']);
    await importBundle(options({ content }));
    await writeFile(join(folder, 'out', 'notes.txt'), 'mine');
    await expect(importBundle(options({ content }, { mayReplaceOther: true }))).rejects.toThrow('holds notes.txt');
  });
});

describe('openBundle', () => {
  it('refuses a folder without a bundle, a changed file and a missing one', async () => {
    await expect(openBundle(folder)).rejects.toMatchObject({ code: 'bundle_unknown' });
    const directory = join(folder, 'out');
    await writeUntrainedBundle(directory);
    await appendFile(join(directory, 'styleflow.onnx'), 'x');
    await expect(openBundle(directory)).rejects.toMatchObject({
      code: 'bundle_unknown',
      message: expect.stringContaining('styleflow.onnx'),
    });
    await rm(join(directory, 'styleflow.onnx'));
    await expect(openBundle(directory)).rejects.toMatchObject({ code: 'bundle_unknown' });
    await writeFile(join(directory, 'bundle.json'), '{"format": 1}');
    await expect(openBundle(directory)).rejects.toThrow('no valid bundle manifest');
  });
});

describe('writeUntrainedBundle', () => {
  it('writes the same bundle every time, and its logit follows the frames', async () => {
    const [a, b] = [await writeUntrainedBundle(join(folder, 'a')), await writeUntrainedBundle(join(folder, 'b'))];
    expect(a.id).toBe(b.id);
    expect(a.manifest).toMatchObject({ name: 'untrained', variant: 'style-content', trained: false });
    const session = await openSession(join(folder, 'a', 'styleflow.onnx'), { providers: ['cpu'], threads: 1 });
    const logit = async (paint: (i: number) => number): Promise<number> => {
      const data = Uint8Array.from({ length: 32 * 256 * 256 * 3 }, (_, i) => paint(i));
      const outputs = await session.run({ clips: { type: 'uint8', dims: [1, 32, 256, 256, 3], data } });
      return Number(outputs.logit?.data[0]);
    };
    const logits = [await logit(() => 0), await logit(() => 255), await logit((i) => (i * 7919) & 255)];
    await session.release();
    for (const value of logits) expect(Math.abs(value)).toBeLessThan(5);
    expect(new Set(logits.map((value) => value.toFixed(3))).size).toBe(3);
  });
});

describe('inspectCheckpoint', () => {
  it('says format, wrapping, role and prefix', async () => {
    expect(await inspectCheckpoint(FAMILY['style-gru'])).toMatchObject({
      format: 'torch-zip',
      wrapping: ['state_dict'],
      beside: ['epoch'],
      role: { role: 'style-gru', prefix: 'module.model.' },
    });
    expect((await inspectCheckpoint(FAMILY.content)).role).toEqual({
      role: 'content',
      prefix: 'resnet.',
      styleAttention: true,
    });
    expect((await inspectCheckpoint(FAMILY.psp)).role).toMatchObject({ role: 'psp', prefix: 'encoder.' });
  });
});

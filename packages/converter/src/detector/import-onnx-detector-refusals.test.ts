import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFolder } from '@styleflow/testing/models';
import { describe, expect, it } from 'vitest';
import { brightDetector, brightnessDetector, brightScrfd, brightYuNet } from './test-detector-model.js';
import { importStored } from './test-import-stored.js';

const folder = fileFolder();
const directory = () => folder.path('detector');

const importBright = (model: Uint8Array, descriptor: Record<string, unknown>) =>
  importStored(folder, model, descriptor);

describe('a detector that does not fit its descriptor is refused and leaves nothing behind:', () => {
  const scrfd = brightScrfd();
  const yunet = brightYuNet();
  it.each([
    [
      'SCRFD without points',
      brightnessDetector({ heads: scrfd.slice(0, 6) }),
      { family: 'scrfd' },
      /the model has 6 outputs: "441" float32, .*; the family scrfd expects 9: scores of strides 8, 16, 32, then boxes of .*without points/,
    ],
    [
      'YuNet under other names',
      brightnessDetector({ heads: yunet.map((head) => ({ ...head, name: `out_${head.name}` })) }),
      { family: 'yunet' },
      /expects 12: .* \(no "cls_8"\); other names or another order are told in `outputs`/,
    ],
    ['one family as the other', brightDetector('scrfd'), { family: 'yunet' }, /the model has 9 outputs: .* expects 12/],
    [
      'a name that is none',
      brightDetector('scrfd'),
      { family: 'scrfd', outputs: { boxes: ['444', '445', '999'] } },
      'outputs.boxes: the model has no output "999", it has "441" float32',
    ],
    [
      'a name twice',
      brightDetector('scrfd'),
      { family: 'scrfd', outputs: { boxes: ['444', '445', '447'] } },
      'outputs: "447" is named twice',
    ],
    [
      'the wrong number of anchors',
      brightDetector('scrfd'),
      { family: 'scrfd', anchors: 1 },
      '"441" is taken for the scores of stride 8 and gives [1, 12800, 1], expected 6400 rows of 1 (80 × 80 cells, anchors 1); with anchors 2 it would fit. Outputs as taken: scores of 8: "441" [1, 12800, 1], ',
    ],
    [
      'outputs stride by stride',
      brightnessDetector({ heads: [0, 3, 6, 1, 4, 7, 2, 5, 8].flatMap((at) => scrfd[at] ?? []) }),
      { family: 'scrfd' },
      '"444" is taken for the scores of stride 16 and gives [1, 12800, 4], expected 3200 rows of 1',
    ],
    [
      'other strides',
      brightDetector('scrfd'),
      { family: 'scrfd', strides: [8, 16, 64] },
      '"443" is taken for the scores of stride 64 and gives [1, 800, 1], expected 200 rows of 1 (10 × 10 cells, anchors 2); with anchors 8',
    ],
    [
      'logits as probabilities',
      brightnessDetector({ heads: yunet.map((head) => (head.role === 'scores' ? { ...head, offset: [-4] } : head)) }),
      { family: 'yunet' },
      /scoreKind is "probability", 0 to 1, but the model gives scores from -4 to .*: are these logits\?/,
    ],
    [
      'points that are no numbers',
      brightnessDetector({
        heads: yunet.map((head) => (head.name === 'kps_16' ? { ...head, offset: Array(10).fill(Number.NaN) } : head)),
      }),
      { family: 'yunet' },
      'the model gives NaN in "kps_16" for a made picture',
    ],
    [
      'another size',
      brightDetector('yunet'),
      { family: 'yunet', size: [320, 320] },
      '"picture" float32 [1, 3, 640, 640]: size must be [640, 640], not [320, 320]',
    ],
    ['a fixed size as native', brightDetector('yunet'), { family: 'yunet', size: 'native' }, 'its size is fixed'],
    [
      'a fixed size with cells cut in two',
      brightDetector('yunet', { input: [1, 3, 600, 640] }),
      { family: 'yunet' },
      'height and width must be multiples of the largest stride (32)',
    ],
    [
      'colours last',
      brightDetector('yunet', { input: [1, 640, 640, 3] }),
      { family: 'yunet' },
      '"picture" float32 [1, 640, 640, 3]; allowed: one picture, [1, 3, height, width]',
    ],
    [
      'a batch of two',
      brightDetector('yunet', { input: [2, 3, 640, 640] }),
      { family: 'yunet' },
      'allowed: one picture',
    ],
    ['another input', brightDetector('yunet'), { family: 'yunet', input: 'x' }, 'input: the model has no input "x"'],
    [
      'an old operator set',
      brightDetector('yunet', { opset: 10 }),
      { family: 'yunet' },
      'operator set 10; allowed: 11',
    ],
    [
      'bytes to be normalised',
      brightDetector('scrfd', { type: 'uint8' }),
      { family: 'scrfd' },
      'the model takes bytes',
    ],
    ['no descriptor at all', brightDetector('yunet'), { kind: 'yunet' }, 'the descriptor is not valid: family: '],
    ['no model', new TextEncoder().encode('<html>'), { family: 'yunet' }, 'no ONNX model'],
  ])('%s', async (_, model, descriptor, words) => {
    const error: unknown = await importBright(model, descriptor).then(
      () => new Error('it was imported'),
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'invalid_request' });
    expect(String(error)).toMatch(words);
    const left = (await readdir(folder.path('.'))).sort();
    expect(left).toEqual(['descriptor.json', 'model.onnx']);
  });

  it('a folder that holds something else', async () => {
    await importBright(brightDetector('yunet'), { family: 'yunet' });
    await writeFile(join(directory(), 'notes.txt'), 'mine');
    const again = importBright(brightDetector('yunet'), { family: 'yunet' });
    await expect(again).rejects.toThrow(/holds notes.txt, which is not of the detector there/);
    expect(await readFile(join(directory(), 'notes.txt'), 'utf8')).toBe('mine');
  });
});

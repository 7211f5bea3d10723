import { describe, expect, it } from 'vitest';
import { parseDetectorDescriptor } from './detector-descriptor.js';

describe('the descriptor of a face detector', () => {
  it('needs no more than the family of a published model', () => {
    expect(parseDetectorDescriptor({ family: 'yunet' })).toEqual({
      family: 'yunet',
      pad: 0,
      colour: 'BGR',
      scale: '0..255',
      mean: [0, 0, 0],
      std: [1, 1, 1],
      strides: [8, 16, 32],
      anchors: 1,
      outputs: {},
      scoreKind: 'probability',
      thresholds: {
        minScore: 0.6,
        startScore: 0.8,
        meanScore: 0.6,
        overlap: 0.3,
        maxCandidates: 5000,
        maxFaces: 750,
      },
    });
    expect(parseDetectorDescriptor({ family: 'scrfd' })).toMatchObject({
      colour: 'RGB',
      mean: [127.5, 127.5, 127.5],
      std: [128, 128, 128],
      anchors: 2,
      thresholds: { minScore: 0.5, startScore: 0.6, meanScore: 0.5, overlap: 0.4 },
    });
  });

  it('lets each value be given, thresholds one by one', () => {
    const given = {
      family: 'scrfd',
      size: [384, 640],
      anchors: 1,
      mean: 0,
      std: [1, 2, 3],
      thresholds: { overlap: 0.5 },
    };
    expect(parseDetectorDescriptor(given)).toMatchObject({
      size: [384, 640],
      anchors: 1,
      mean: [0, 0, 0],
      std: [1, 2, 3],
      thresholds: { minScore: 0.5, overlap: 0.5 },
    });
  });

  it('begins no track below the weakest face: scores that are not given follow minScore', () => {
    const { thresholds } = parseDetectorDescriptor({ family: 'yunet', thresholds: { minScore: 0.9 } });
    expect(thresholds).toMatchObject({ minScore: 0.9, startScore: 0.9, meanScore: 0.9 });
  });

  it.each([
    [{}, 'family: '],
    [{ family: 'retinaface' }, 'family: '],
    [{ family: 'yunet', stride: [8] }, 'there is no field stride; allowed: family, input, size, pad, colour'],
    [
      { family: 'yunet', thresholds: { score: 1 } },
      'thresholds: there is no field score; allowed: minScore, startScore, meanScore, overlap, maxCandidates, maxFaces',
    ],
    [{ family: 'yunet', outputs: { score: [] } }, 'outputs: there is no field score; allowed: scores, objectness'],
    [{ family: 'yunet', size: 640 }, 'size: "native" or [height, width], each 1 to 4096'],
    [{ family: 'yunet', size: [640, 360] }, 'size: must be multiples of the largest stride (32)'],
    [{ family: 'yunet', strides: [16, 8] }, 'strides: strides must rise'],
    [{ family: 'yunet', strides: [8, 12] }, 'each must divide the largest'],
    [{ family: 'yunet', colour: 'GRB' }, 'colour: '],
    [{ family: 'yunet', std: [1, 2] }, 'std: a number or three numbers'],
    [{ family: 'yunet', std: 0 }, 'std: '],
    [{ family: 'yunet', pad: 256 }, 'pad: '],
    [
      { family: 'yunet', thresholds: { minScore: 0.7, startScore: 0.5 } },
      'thresholds.startScore: must not be below minScore (0.7)',
    ],
    [{ family: 'scrfd', thresholds: { meanScore: 0.4 } }, 'thresholds.meanScore: must not be below minScore (0.5)'],
    [
      { family: 'scrfd', outputs: { objectness: ['1', '2', '3'] } },
      'outputs.objectness: the family scrfd has scores, boxes, points only',
    ],
    [{ family: 'scrfd', outputs: { scores: ['1'] } }, 'outputs.scores: 3 names are needed, one a stride'],
  ])('refuses %j', (value, words) => {
    expect(() => parseDetectorDescriptor(value)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(() => parseDetectorDescriptor(value)).toThrow(words);
  });
});

import { describe, expect, it } from 'vitest';
import { parseClipDescriptor, pickedFrames } from './clip-descriptor.js';

const LEAST = { layout: 'NCHW', size: [224, 224], output: { kind: 'logit' } };

describe('a clip descriptor', () => {
  it('needs layout, size and the kind of output, and fills in the rest', () => {
    const descriptor = parseClipDescriptor(LEAST);
    expect(descriptor).toMatchObject({
      frames: { count: 32, pick: 'even' },
      crop: 1,
      resize: 'bicubic',
      colour: 'RGB',
      scale: '0..1',
      mean: [0, 0, 0],
      std: [1, 1, 1],
      output: { kind: 'logit', fakeIndex: 1 },
      aggregate: 'mean-logit',
      threshold: 0.5,
      calibration: { a: 1, b: 0 },
      trained: true,
    });
    expect(pickedFrames(descriptor.frames)).toEqual(Array.from({ length: 32 }, (_, index) => index));
  });

  it.each(['NCHW', 'NHWC', 'CHW', 'NTCHW', 'NCTHW', 'NTHWC', 'TCHW', 'N(TC)HW'])('knows the layout %s', (layout) => {
    expect(parseClipDescriptor({ ...LEAST, layout }).layout.text).toBe(layout);
  });

  it.each([
    [{ layuot: 'NCHW' }, /there is no field layuot; allowed: name, input, layout, frames, size/],
    [{ layout: 'NCWHT2' }, /layout: "NCWHT2" is no layout; allowed: C, H and W in any order/],
    [{ layout: 'NCCHW' }, /layout: /],
    [{ layout: undefined }, /layout: /],
    [{ size: 224 }, /size: .*expected/],
    [{ size: [224, 4] }, /size\.1: .*8/],
    [{ size: [224, 4096] }, /size\.1: .*1024/],
    [{ frames: 33 }, /frames: .*32/],
    [{ frames: { count: 8, pick: 'random' } }, /frames\.pick: .*"even"\|"first"\|"stride"/],
    [{ frames: { count: 8, pick: 'stride', stride: 5 } }, /frames: start \+ \(count − 1\)·stride must stay below 32/],
    [{ crop: 0 }, /crop: /],
    [{ resize: 'lanczos' }, /resize: .*"bicubic"\|"bilinear"\|"bilinear-opencv"\|"nearest"/],
    [{ colour: 'rgb' }, /colour: .*"RGB"\|"BGR"/],
    [{ scale: '0-1' }, /scale: .*"0\.\.1"\|"0\.\.255"\|"-1\.\.1"/],
    [{ mean: [0.5, 0.5] }, /mean: a number or three numbers/],
    [{ std: [1, 0, 1] }, /std\.1: .*0/],
    [{ output: { kind: 'logits' } }, /output\.kind: .*"logit"\|"probability"\|"logits2"\|"probabilities2"/],
    [{ output: { kind: 'logits2', fakeIndex: 2 } }, /output\.fakeIndex: allowed: 0 or 1/],
    [{ output: { kind: 'logit', index: 1 } }, /output: there is no field index; allowed: name, kind, fakeIndex/],
    [{ aggregate: 'max' }, /aggregate: .*"mean-logit"\|"mean-probability"/],
    [{ threshold: 2 }, /threshold: .*1/],
    [{ calibration: { a: 1 } }, /calibration\.b: /],
    [{ name: 'No Name' }, /name: lower-case letters/],
  ])('with %j is refused by the name of the field and what is allowed', (fields, message) => {
    expect(() => parseClipDescriptor({ ...LEAST, ...fields })).toThrow(message);
  });

  it('names every wrong field at once', () => {
    expect(() => parseClipDescriptor({ ...LEAST, crop: 2, colour: 'CMYK' })).toThrow(/crop: .*; colour: /);
  });

  it.each([[null], ['NCHW'], [[]]])('that is %j is refused', (value) => {
    expect(() => parseClipDescriptor(value)).toThrow('the descriptor is not valid');
  });
});

import { contentShapes, countParameters, FULL_WIDTHS, pspShapes, styleGruShapes } from '@styleflow/checkpoints';
import { describe, expect, it } from 'vitest';
import { fusedGraph } from '../networks/fuse.js';
import { activationBytesPerClip } from './activation-bytes.js';
import { randomFamily } from './untrained-bundle.js';

describe('the full widths', () => {
  it('have the parameter counts of the published networks', () => {
    expect(countParameters(contentShapes(FULL_WIDTHS, false))).toBe(14_765_889);
    expect(countParameters(contentShapes(FULL_WIDTHS, true))).toBe(18_964_289);
    expect(countParameters(styleGruShapes(FULL_WIDTHS))).toBe(763_514_943);
    expect(countParameters(pspShapes(FULL_WIDTHS))).toBe(267_136_704);
  });

  it('make a graph whose every tensor is used and whose memory per clip is that of 32 pictures in the pSp body', () => {
    const family = randomFamily(FULL_WIDTHS, 1);
    const graph = fusedGraph(family);
    for (const tensors of [family.content, family.style.gru, family.style.psp]) {
      expect(() => tensors.refuseExtra()).not.toThrow();
    }
    const onePspMap = 32 * 64 * 256 * 256 * 4;
    expect(activationBytesPerClip(graph)).toBeGreaterThan(2 * onePspMap);
    expect(activationBytesPerClip(graph)).toBeLessThan(4 * onePspMap);
  });
});

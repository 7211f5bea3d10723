import type { ImportedBundle } from '@styleflow/converter';
import { describe, expect, it } from 'vitest';
import { printImport } from './print-import.js';

function linesOf(
  halves: ImportedBundle['halves'],
  replaced: string | null = null,
  int8: ImportedBundle['int8'] = null,
): string {
  const bundle: ImportedBundle = {
    id: 'half@0123456789ab',
    digest: '0123456789ab',
    replaced,
    roles: [],
    halves,
    int8,
    manifest: {
      format: 1,
      name: 'half',
      variant: 'content',
      trained: true,
      precision: int8 ? 'int8' : 'fp16',
      clip: { frames: 32, size: 256 },
      threshold: 0.2,
      calibration: { a: 1, b: 0 },
      graph: 'styleflow.onnx',
      bytesPerClip: 1e6,
      files: {},
      source: [],
      createdAt: '2026-01-01T00:00:00.000Z',
    },
  };
  return printImport(bundle, { directory: '/bundles/half', files: {}, seconds: 1 }).join('\n');
}

const rounding = { clips: 1, logit: 1e-3, score: 1e-4 };

describe('the report of an import', () => {
  it('tells the largest value of each network in half precision', () => {
    const peaks = [
      { network: 'content', layer: 's2.a', value: 24.357 },
      { network: 'psp', layer: 'Add behind body.3', value: 1234.5 },
    ];
    const lines = linesOf({ rounding, peaks });
    expect(lines).toContain(
      '  largest value in halves: 24.4 (content: s2.a), 1235 (psp: Add behind body.3); they end at 65504\n',
    );
    expect(lines).not.toContain('note:');
  });

  it('warns where it is more than a quarter of what halves hold', () => {
    const lines = linesOf({ rounding, peaks: [{ network: 'psp', layer: 'x', value: 20_000 }] });
    expect(lines).toContain('  note: psp comes within a factor of 3.3 of that');
  });

  it('says when nobody looked', () => {
    expect(linesOf(null)).toContain('  fp16: neither compared with fp32 nor looked at');
  });

  it('says what the bundle took the place of', () => {
    expect(linesOf(null, 'old@ba9876543210')).toContain('\n  in place of old@ba9876543210\n');
  });

  it('tells of int8 how far logits of held-out clips moved', () => {
    const movement = { clips: 4, logit: { largest: 0.0412, mean: 0.02 }, score: 0.0071 };
    const lines = linesOf(null, null, { weightBits: 8, rangeClips: 12, movement });
    expect(lines).toContain(
      '  int8: ranges from 12 clips, weights of 8 bits (VNNI alone); on 4 held-out clips logits move by 0.041 at most, ' +
        '0.020 on average, scores by 0.0071 at most\n',
    );
    expect(lines).not.toContain('fp16');
  });
});

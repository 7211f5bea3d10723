import { type YuvColours, yuvFactors } from './yuv-colours.js';
import { openYuvKernel, type YuvKernel } from './yuv-kernel.js';

/** Of each value what it adds to a colour; and the kernel that computes the same, null where the processor has no vectors. */
export interface YuvConversion extends Readonly<Record<Part, Int32Array>> {
  /** A colour by the sum of its parts, of which those of Y stand `CLIP_ZERO` too high: within 0..255. */
  readonly clip: Uint8Array;
  readonly kernel: YuvKernel | null;
}

type Part = 'ofY' | 'redOfV' | 'blueOfU' | 'greenOfU' | 'greenOfV';

/** Sums of parts lie between this below zero and as much above 255: a table is quicker than a comparison. */
const CLIP_ZERO = 512;

const conversions = new Map<string, YuvConversion>();

/** The numbers and the kernel for these colours, made once. */
export function conversionOf(colours: YuvColours): YuvConversion {
  const key = `${colours.matrix} ${colours.isFullRange}`;
  const known = conversions.get(key) ?? newConversion(colours);
  conversions.set(key, known);
  return known;
}

function newConversion(colours: YuvColours): YuvConversion {
  const factors = yuvFactors(colours);
  const { blackTimes8, y, redOfV, blueOfU, greenOfU, greenOfV } = factors;
  const table = (zero: number, factor: number): Int32Array =>
    Int32Array.from({ length: 256 }, (_, value) => ((8 * value - zero) * factor) >> 16);
  return {
    ofY: table(blackTimes8, y).map((value) => value + CLIP_ZERO),
    redOfV: table(1024, redOfV),
    blueOfU: table(1024, blueOfU),
    greenOfU: table(1024, greenOfU),
    greenOfV: table(1024, greenOfV),
    clip: Uint8Array.from({ length: 2 * CLIP_ZERO + 256 }, (_, sum) => Math.max(0, Math.min(255, sum - CLIP_ZERO))),
    kernel: openYuvKernel(factors),
  };
}

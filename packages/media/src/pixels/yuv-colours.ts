/** How YUV of a picture becomes RGB. */
export interface YuvColours {
  readonly matrix: 'bt601' | 'bt709';
  /** Whether brightness fills 0..255; otherwise 16..235. */
  readonly isFullRange: boolean;
}

/** The numbers of the conversion: signed, 16 bits. */
export interface YuvFactors {
  readonly blackTimes8: number;
  readonly y: number;
  readonly redOfV: number;
  readonly blueOfU: number;
  readonly greenOfU: number;
  readonly greenOfV: number;
}

/** The matrix by the name that ffmpeg gives it. A picture that does not say is taken as of BT.601, as ffmpeg does. */
const MATRICES: Readonly<Record<string, YuvColours['matrix']>> = {
  unknown: 'bt601',
  bt470bg: 'bt601',
  smpte170m: 'bt601',
  bt709: 'bt709',
};

/** Red of V, blue of U, green of U, green of V, in 2^16ths (ITU-R BT.601 and BT.709). */
const OF_MATRIX: Readonly<Record<YuvColours['matrix'], readonly [number, number, number, number]>> = {
  bt601: [104_597, 132_201, -25_675, -53_279],
  bt709: [117_489, 138_438, -13_975, -34_925],
};

/** Factors have so many bits behind the point: the upper 16 bits of their product with 8 times a value are its part of a colour. */
const FACTOR_BITS = 13;

/**
 * @param space as ffmpeg names the matrix.
 * @param isFullRange by the pixel format or the range that the picture says.
 * @returns null for a matrix that is not known here.
 */
export function yuvColours(space: string, isFullRange: boolean): YuvColours | null {
  const matrix = Object.hasOwn(MATRICES, space) ? MATRICES[space] : undefined;
  return matrix === undefined ? null : { matrix, isFullRange };
}

/** The same numbers as ffmpeg's own conversion from YUV 4:2:0 has on x86 (libswscale since version 4). */
export function yuvFactors({ matrix, isFullRange }: YuvColours): YuvFactors {
  const factors = OF_MATRIX[matrix].map((value) => inFactorBits(isFullRange ? Math.trunc((value * 224) / 255) : value));
  const [redOfV, blueOfU, greenOfU, greenOfV] = factors as [number, number, number, number];
  const y = inFactorBits(isFullRange ? 65_536 : Math.trunc((65_536 * 255) / 219));
  return { blackTimes8: isFullRange ? 0 : 128, y, redOfV, blueOfU, greenOfU, greenOfV };
}

/** From 2^16ths, rounded, halves up. */
function inFactorBits(value: number): number {
  return Math.floor((value * 2 ** FACTOR_BITS + 2 ** 15) / 2 ** 16);
}

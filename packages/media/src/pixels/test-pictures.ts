import { yuvBytes } from './yuv-planes.js';

/** Bytes without order, the same for the same seed. */
export function noise(bytes: number, seed = 1): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes);
  let state = seed;
  for (let i = 0; i < bytes; i++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    out[i] = state >> 16;
  }
  return out;
}

/** A picture in YUV 4:2:0 without order. */
export function noisyPlanes(width: number, height: number, seed = 1) {
  return { width, height, data: noise(yuvBytes(width, height), seed) };
}

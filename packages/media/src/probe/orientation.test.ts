import { describe, expect, it } from 'vitest';
import { readDisplayMatrix } from './orientation.js';

const ONE = 65_536;
const printed = (a: number, b: number, c: number, d: number) =>
  `\n00000000: ${a} ${b} 0\n00000001: ${c} ${d} 0\n00000002: 0 0 1073741824\n`;

describe('readDisplayMatrix', () => {
  it.each([
    [[1, 0, 0, 1], 0, false],
    [[0, 1, -1, 0], 90, false],
    [[-1, 0, 0, -1], 180, false],
    [[0, -1, 1, 0], 270, false],
    [[-1, 0, 0, 1], 0, true],
    [[0, -1, -1, 0], 90, true],
    [[1, 0, 0, -1], 180, true],
    [[0, 1, 1, 0], 270, true],
  ] as const)('reads %j as a turn by %i degrees, mirrored: %s', ([a, b, c, d], rotation, isMirrored) => {
    expect(readDisplayMatrix(printed(a * ONE, b * ONE, c * ONE, d * ONE))).toEqual({ rotation, isMirrored });
  });

  it('rounds other angles to quarter turns, and ignores a matrix that shows nothing', () => {
    const turned = (degrees: number) => {
      const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      return readDisplayMatrix(
        printed(...([cos, sin, -sin, cos].map((x) => Math.round(x * ONE)) as [number, number, number, number])),
      );
    };
    expect([37, 53, 100, -80].map((degrees) => turned(degrees).rotation)).toEqual([0, 90, 90, 270]);
    for (const text of [printed(0, 0, 0, 0), printed(ONE, ONE, ONE, ONE), 'nonsense', ''])
      expect(readDisplayMatrix(text)).toEqual({ rotation: 0, isMirrored: false });
  });
});

import { describe, expect, it } from 'vitest';
import { sniffContainer } from './container-signature.js';

const bytes = (...parts: (string | number[])[]) => {
  const head = parts.flatMap((part) => (typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : part));
  return Uint8Array.from([...head, ...new Array(4096 - head.length).fill(0)]);
};

describe('sniffContainer', () => {
  it('knows containers by their first bytes', () => {
    expect(sniffContainer(bytes([0, 0, 0, 32], 'ftypisom'))).toBe('mov');
    expect(sniffContainer(bytes([0x1a, 0x45, 0xdf, 0xa3]))).toBe('matroska');
    expect(sniffContainer(bytes('RIFF', [1, 2, 3, 4], 'AVI LIST'))).toBe('avi');
    expect(sniffContainer(bytes('GIF89a'))).toBe('gif');
    expect(sniffContainer(bytes([0, 0, 1, 0xba]))).toBe('mpeg');
  });

  it('finds a transport stream by five sync bytes, wherever its packets begin', () => {
    for (const [packet, start] of [
      [188, 0],
      [192, 4],
      [188, 100],
    ] as const) {
      const head = new Uint8Array(4096);
      for (let at = start; at < head.length; at += packet) head[at] = 0x47;
      expect(sniffContainer(head)).toBe('mpegts');
    }
  });

  it('takes no playlist, script, page, picture, sound or noise for a video', () => {
    expect(sniffContainer(bytes('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd'))).toBeNull();
    expect(sniffContainer(bytes("ffconcat version 1.0\nfile '/etc/passwd'"))).toBeNull();
    expect(sniffContainer(bytes('<?xml version="1.0"?><MPD>'))).toBeNull();
    expect(sniffContainer(bytes('<html><body>404'))).toBeNull();
    expect(sniffContainer(bytes([0xff, 0xd8, 0xff, 0xe0], 'JFIF'))).toBeNull();
    expect(sniffContainer(bytes('RIFF', [1, 2, 3, 4], 'WAVEfmt '))).toBeNull();
    expect(sniffContainer(bytes('ID3'))).toBeNull();
    expect(sniffContainer(new Uint8Array(4096))).toBeNull();
    expect(sniffContainer(new Uint8Array(3))).toBeNull();
  });

  it('wants a plausible size before the name of an MP4 box', () => {
    expect(sniffContainer(bytes([0, 0, 0, 3], 'moov'))).toBeNull();
    expect(sniffContainer(bytes([0, 0, 0, 1], 'mdat'))).toBe('mov');
  });
});

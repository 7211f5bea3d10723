import { describe, expect, it } from 'vitest';
import { urlFileName } from './source.js';

describe('urlFileName', () => {
  it.each([
    ['https://videos.example/a/b.mp4?token=x#t', 'b.mp4'],
    ['https://videos.example/%D0%B2%20b.mp4', 'в b.mp4'],
    ['https://videos.example/100%.mp4', '100%.mp4'],
    ['https://videos.example/', ''],
  ])('of %s is %j', (url, name) => {
    expect(urlFileName(url)).toBe(name);
  });
});

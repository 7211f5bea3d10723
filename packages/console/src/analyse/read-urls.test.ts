import { expect, it } from 'vitest';
import { readUrls } from './read-urls.js';

it('what was pasted is split into addresses, each once, and what is none', () => {
  const text = 'https://a.example/1.mp4\n  http://b.example/2.mp4, https://a.example/1.mp4;ftp://c/3\n\nno https://';
  expect(readUrls(text)).toEqual({
    urls: ['https://a.example/1.mp4', 'http://b.example/2.mp4'],
    wrong: ['ftp://c/3', 'no', 'https://'],
  });
  expect(readUrls(' \n ')).toEqual({ urls: [], wrong: [] });
});

it('javascript: and data: are no addresses of videos', () => {
  expect(readUrls('javascript:alert(1) data:text/html,x').urls).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { nameOf, redirectTo } from './source-url.js';

/** As Node hands on a header of UTF-8. */
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

describe('a redirect', () => {
  it.each([
    ['http://a.example/x/1', '2?b', 'http://a.example/x/2?b'],
    ['http://a.example/', 'https://b.example/', 'https://b.example/'],
    ['https://a.example/', '//b.example/v', 'https://b.example/v'],
    ['http://a.example/', latin1('/видео/é.mp4'), 'http://a.example/%D0%B2%D0%B8%D0%B4%D0%B5%D0%BE/%C3%A9.mp4'],
    ['http://a.example/', '/caf\xe9.mp4', 'http://a.example/caf%E9.mp4'],
    ['http://a.example/', latin1('http://bücher.example/'), 'http://xn--bcher-kva.example/'],
    ['http://a.example/', '/a b+c%2Bd.mp4', 'http://a.example/a%20b+c%2Bd.mp4'],
  ])('of %s to %s leads to %s', (from, location, to) => {
    expect(redirectTo(new URL(from), location).href).toBe(to);
  });

  it.each(['http://a.example/', 'ftp://a.example/', 'file:///etc/passwd', 'http://'])(
    'from https to %s is refused, without secrets of the address in the sentence',
    (location) => {
      const from = new URL('https://user:secret@b.example/v?signature=secret');
      expect(() => redirectTo(from, location)).toThrow(expect.objectContaining({ code: 'source_forbidden' }));
      expect(() => redirectTo(from, location)).toThrow(/^(?!.*secret)/);
    },
  );

  it('is named without credentials and query', () => {
    expect(nameOf(new URL('https://user:key@a.example/v.mp4?X-Signature=1#t'))).toBe('https://a.example/v.mp4');
  });
});

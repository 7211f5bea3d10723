import { describe, expect, it } from 'vitest';
import { VIDEO_URL_MAX_LENGTH, VideoUrlSchema } from './source.js';
import { hasHiddenParts, isQueryHidden, seemsSecret, shownSource, shownUrl } from './url-secrets.js';

const PRESIGNED =
  'https://films.s3.eu-central-1.amazonaws.com/a/b.mp4?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20260101&X-Amz-Signature=0a1b';

describe('an address as everybody may see it', () => {
  it.each([
    ['https://a.example/v.mp4', 'https://a.example/v.mp4'],
    ['https://a.example', 'https://a.example'],
    ['https://anna:pass@a.example:8443/v.mp4', 'https://a.example:8443/v.mp4'],
    ['https://anna@a.example/v.mp4', 'https://a.example/v.mp4'],
    [PRESIGNED, 'https://films.s3.eu-central-1.amazonaws.com/a/b.mp4?...'],
    ['https://a.example/v.mp4?x', 'https://a.example/v.mp4?...'],
    ['https://a.example/v.mp4#token=x', 'https://a.example/v.mp4'],
    ['https:\\\\anna:pass@a.example\\v.mp4', 'https://a.example/v.mp4'],
    ['https://a.example/v.mp4?...', 'https://a.example/v.mp4?...'],
  ])('of %s is %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
    expect(VideoUrlSchema.parse(shown)).toBe(shown);
  });

  it('stays short enough for a record, however long the address is that is written out', () => {
    const longest = `https://a.example/${'ü'.repeat(VIDEO_URL_MAX_LENGTH - 20)}?x`;
    expect(VideoUrlSchema.parse(shownUrl(VideoUrlSchema.parse(longest)))).toBe('https://a.example/?...');
  });

  it('is the whole address where nothing is hidden, which is what decides on sealing', () => {
    expect(hasHiddenParts('https://a.example/v.mp4')).toBe(false);
    expect(['https://a@b.example/', 'https://:b@c.example/', 'https://b.example/?q'].map(hasHiddenParts)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('is known again when somebody gives it back', () => {
    expect(isQueryHidden(shownUrl(PRESIGNED))).toBe(true);
    expect(isQueryHidden(PRESIGNED)).toBe(false);
  });
});

describe('an address that seems to hold a secret', () => {
  it.each([
    PRESIGNED,
    'https://anna:pass@a.example/v.mp4',
    'https://storage.googleapis.com/b/o?GoogleAccessId=x@y&Expires=1&Signature=z',
    'https://blob.core.windows.net/c/v.mp4?sv=2022&sig=ab',
    'https://a.example/v?token=1',
    'https://a.example/v?ACCESS_TOKEN=1',
    'https://a.example/v?api-key=1',
    'https://a.example/v?x=eyJhbGciOiJIUzI1NiIsInR5cCI6',
    'https://a.example/v?0123456789abcdef0123456789abcdef',
    'https://a.example/v?Policy=a&Key-Pair-Id=b',
  ])('is %s', (url) => {
    expect(seemsSecret(url)).toBe(true);
    const shown = shownSource({ type: 'url', url });
    expect(JSON.stringify(shown)).not.toMatch(/anna|=/);
  });

  it.each(['https://a.example/v?id=12', 'https://a.example/watch?v=dQw4w9WgXcQ', 'https://a.example/v?t=10&q=hd'])(
    'is not %s, which is shown as it is',
    (url) => {
      expect(seemsSecret(url)).toBe(false);
      expect(shownSource({ type: 'url', url })).toEqual({ type: 'url', url });
    },
  );
});

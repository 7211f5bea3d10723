import { describe, expect, it } from 'vitest';
import { deniedHosts } from './denied-hosts.js';

describe('denied hosts', () => {
  const denied = deniedHosts(['example.org', '198.51.100.7', '203.0.113.0/24', '2001:db8::/32']);

  it.each([
    ['example.org', []],
    ['Video.EXAMPLE.org.', []],
    ['other.example', ['198.51.100.7']],
    ['other.example', ['192.0.2.1', '203.0.113.200']],
    ['other.example', ['::ffff:203.0.113.1']],
    ['other.example', ['2001:db8::1']],
    ['other.example', ['168.63.129.16']],
  ])('are %s at %j', (host, addresses) => {
    expect(denied.denies(host, addresses)).toBe(true);
  });

  it.each([
    ['notexample.org', ['198.51.100.8']],
    ['example.org.evil.example', ['203.0.114.1']],
    ['other.example', ['2001:db9::1']],
  ])('are not %s at %j', (host, addresses) => {
    expect(denied.denies(host, addresses)).toBe(false);
  });

  it('hold services of clouds without any entry', () => {
    expect(deniedHosts([]).denies('metadata.example', ['168.63.129.16'])).toBe(true);
  });

  it.each(['a b', '10.0.0.0/33', 'http://a.example', '*.example.org'])('cannot be %j', (entry) => {
    expect(() => deniedHosts([entry])).toThrow(`"${entry}" is no name, address or range`);
  });
});

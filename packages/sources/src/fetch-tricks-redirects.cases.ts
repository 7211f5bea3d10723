import { type FetchTrick, NAMES, OTHER, PUBLIC, redirected, START } from './test-fetch-tricks.js';

/** Where a public server sends whoever asks it. */
export const REDIRECTS: readonly FetchTrick[] = [
  ...([301, 302, 303, 307, 308] as const).flatMap((status) => [
    ...redirected(`redirect ${status}`, 'source_forbidden', ['http://127.0.0.1/', 'http://169.254.169.254/latest/'], {
      status,
    }),
    ...redirected(`redirect ${status}`, 'source_unreachable', ['http://inner.example/'], {
      ...{ status, names: { ...NAMES, 'inner.example': [['10.0.0.1']] } },
    }),
  ]),
  ...redirected('redirect', 'source_forbidden', [
    ...['http://[::1]/', '//127.0.0.1/', '\\\\127.0.0.1\\', '///127.0.0.1/', 'http:///127.0.0.1/', 'http://0x7f.1/'],
    ...['http://2130706433/', 'http://127.0.\t0.1/', 'http://public.example@127.0.0.1/', 'http://127.0.0.1:6379/'],
    ...['http://%31%32%37.0.0.1/', 'HTTP://127.1', 'http://localhost/', 'http://168.63.129.16/'],
    Buffer.from('http://１２７.０.０.１/').toString('latin1'),
    ...['file:///etc/passwd', 'ftp://public.example/', 'gopher://127.0.0.1:6379/_', 'data:video/mp4,x', 'javascript:0'],
    ...['s3://bucket/key', 'ws://public.example/', 'redis://127.0.0.1/', 'http://', 'http://[::1', 'http://a b/'],
    ...['http://public.example:22/', 'https://public.example:6379/', '//public.example:25/'],
  ]),
  ...redirected('redirect', null, ['/%0d%0aX-Injected:%201', 'video.mp4', '?again', '//public.example/x', '/./../x'], {
    asked: [`${PUBLIC}:80`, `${PUBLIC}:80`],
  }),
  ...redirected('redirect', null, ['https://other.example:8443/', 'https://127.0.0.1@other.example:8443/'], {
    asked: [`${PUBLIC}:80`, `${OTHER}:8443`],
  }),
  {
    ...{ kind: 'redirect from https to http', url: 'https://public.example/start', names: NAMES },
    ...{ redirects: { 'https://public.example/start': START }, asked: [`${PUBLIC}:443`], code: 'source_forbidden' },
  },
  {
    ...{ kind: 'redirects one after the other', url: START, names: NAMES, code: 'source_forbidden' },
    redirects: { [START]: 'http://other.example/2', 'http://other.example/2': 'http://10.0.0.1/' },
    asked: [`${PUBLIC}:80`, `${OTHER}:80`],
  },
  {
    ...{ kind: 'redirects in a circle', url: START, names: NAMES, code: 'source_unreachable' },
    ...{ redirects: { [START]: START }, asked: new Array(6).fill(`${PUBLIC}:80`) },
  },
];

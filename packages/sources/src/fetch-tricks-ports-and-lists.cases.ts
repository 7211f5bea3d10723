import { type FetchTrick, NAMES, PUBLIC, PUBLIC6, passes, redirected, refused } from './test-fetch-tricks.js';

/** Ports, the operator's list, and public addresses that pass. */
export const PORTS_AND_LISTS: readonly FetchTrick[] = [
  ...refused(
    'ports',
    ...[0, 1, 21, 22, 25, 81, 2375, 6379, 9200, 65_535].map((port) => `http://public.example:${port}/`),
  ),
  ...refused('ports', `http://${PUBLIC}:6379/`, `http://[${PUBLIC6}]:22/`, 'https://public.example:22/'),
  ...passes(
    'ports',
    ['http://public.example:8080/', `${PUBLIC}:8080`],
    ['https://public.example/', `${PUBLIC}:443`],
    ['http://public.example:00080/', `${PUBLIC}:80`],
    ['http://public.example:/', `${PUBLIC}:80`],
    ['http://public.example:443/', `${PUBLIC}:443`],
  ),
  ...passes(
    'public ones',
    [`http://${PUBLIC}/`, `${PUBLIC}:80`],
    ['http://1572394766/', `${PUBLIC}:80`],
    ['http://0x5db8d70e/', `${PUBLIC}:80`],
    [`http://[${PUBLIC6}]/`, `${PUBLIC6}:80`],
    [`http://[::ffff:${PUBLIC}]/`, `::ffff:5db8:d70e:80`],
    ['http://six.example/', `${PUBLIC6}:80`],
    ['http://PUBLIC.example/', `${PUBLIC}:80`],
    ['http://172.32.0.1/', '172.32.0.1:80'],
    ['http://11.0.0.1/', '11.0.0.1:80'],
    ['http://126.255.255.255/', '126.255.255.255:80'],
  ),
  ...passes(
    'headers that are smuggled in',
    ['http://public.example/\r\nX-Injected: 1', `${PUBLIC}:80`],
    ['http://public.example/%0d%0aX-Injected:%201', `${PUBLIC}:80`],
    ['http://a%0d%0aX-Injected:1:b@public.example/', `${PUBLIC}:80`],
    ['http://public.example/?\r\nHost: 127.0.0.1', `${PUBLIC}:80`],
    ['http://public.example/é\u0000', `${PUBLIC}:80`],
  ),
  ...passes('long ones', [`http://public.example/${'a'.repeat(8_000)}`, `${PUBLIC}:80`]),
  ...redirected('long ones', 'source_unreachable', [`/${'a'.repeat(70_000)}`]),
  ...(
    [
      [['public.example'], 'http://public.example/'],
      [['PUBLIC.example'], 'http://public.example./'],
      [['example'], 'http://public.example/'],
      [[PUBLIC], 'http://public.example/'],
      [['93.184.0.0/16'], `http://[::ffff:${PUBLIC}]/`],
      [['2606:4700::/32'], 'http://six.example/'],
    ] as const
  ).map(
    ([denied, url]): FetchTrick => ({
      ...{ kind: "the operator's list", url, denied, asked: [], code: 'source_forbidden' },
      names: { ...NAMES, 'public.example.': [[PUBLIC]] },
    }),
  ),
  {
    ...{ kind: "the operator's list", url: 'http://notpublic.example/', denied: ['public.example'] },
    ...{ names: { 'notpublic.example': [[PUBLIC]] }, asked: [`${PUBLIC}:80`], code: null },
  },
];

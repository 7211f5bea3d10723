/**
 * Ways to make the service call what it must not call, and harmless addresses that look alike. Each is one line: what is sent, and what
 * has to come of it. What a name leads to and where a server redirects is told by the trick itself.
 */
export interface FetchTrick {
  readonly kind: string;
  readonly url: string;
  /** Answers of the name service, for one question after the other; the last one is repeated. */
  readonly names?: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Where the server at a URL redirects to; every other URL has a file. */
  readonly redirects?: Readonly<Record<string, string>>;
  readonly status?: number;
  /** What the operator denies. */
  readonly denied?: readonly string[];
  /** The connections that are made, as address:port, and how the fetch ends; null: with a file. */
  readonly asked: readonly string[];
  readonly code: 'source_forbidden' | 'source_unreachable' | null;
}

export const PUBLIC = '93.184.215.14';
const OTHER = '151.101.1.1';
const PUBLIC6 = '2606:4700::1111';
const START = 'http://public.example/start';
const NAMES = {
  localhost: [['127.0.0.1']],
  'public.example': [[PUBLIC]],
  'other.example': [[OTHER]],
  'six.example': [[PUBLIC6]],
};

const refused = (kind: string, ...urls: string[]): FetchTrick[] =>
  urls.map((url) => ({ kind, url, names: NAMES, asked: [], code: 'source_forbidden' }));

const passes = (kind: string, ...urls: (readonly [url: string, asked: string])[]): FetchTrick[] =>
  urls.map(([url, asked]) => ({ kind, url, names: NAMES, asked: [asked], code: null }));

/** A name that leads inside: answered as if there were none. */
const hidden = (kind: string, ...names: (readonly [name: string, ...addresses: string[]])[]): FetchTrick[] =>
  names.map(([name, ...addresses]) => ({
    ...{ kind, url: `http://${name}/video.mp4`, asked: [], code: 'source_unreachable' as const },
    names: { [new URL(`http://${name}`).hostname]: [addresses] },
  }));

/** A public server that redirects; it is asked, and nobody else. */
const redirected = (
  kind: string,
  code: FetchTrick['code'],
  locations: readonly string[],
  more: Partial<FetchTrick> = {},
): FetchTrick[] =>
  locations.map((location) => ({
    ...{ kind, url: START, names: NAMES, redirects: { [START]: location }, asked: [`${PUBLIC}:80`], code },
    ...more,
  }));

const http = (hosts: readonly string[]): string[] => hosts.map((host) => `http://${host}/video.mp4`);

export const FETCH_TRICKS: readonly FetchTrick[] = [
  ...refused(
    'spellings of loopback',
    ...http(['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '017700000001']),
    ...http([
      '0x7f.1',
      '0X7F.0X0.0X0.0X1',
      '127.000.000.001',
      '127.0x0.0.01',
      '127.255.255.254',
      '127.0.0.1.',
      '127.65535',
    ]),
    ...http([
      '0',
      '0.0.0.0',
      '0x0',
      '00',
      '0.0.0.0.',
      '１２７.０.０.１',
      '127。0。0。1',
      '①②⑦.⓪.⓪.①',
      '%31%32%37.0.0.1',
    ]),
    ...http(['127%2e0%2e0%2e1', '127.0.0.1\u00ad', '127.0.\n0.1', '12\t7.0.0.1', '127.0.0.\u200b1']),
    'http:\\\\127.0.0.1\\video.mp4',
    'http:/127.0.0.1/',
    'http:127.0.0.1',
    'http:////127.0.0.1/',
    'HTTP://127.0.0.1/',
    '  http://127.0.0.1/  ',
    'https://127.0.0.1/',
  ),
  ...refused(
    'IPv6 that is not public, or holds an IPv4 address',
    ...http([
      '[::]',
      '[::1]',
      '[0:0:0:0:0:0:0:1]',
      '[0000::0001]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::FFFF:7F00:1]',
    ]),
    ...http([
      '[0:0:0:0:0:ffff:127.0.0.1]',
      '[::127.0.0.1]',
      '[::7f00:1]',
      '[::ffff:0:127.0.0.1]',
      '[64:ff9b::127.0.0.1]',
    ]),
    ...http(['[64:ff9b::7f00:1]', '[64:ff9b:1::a00:1]', '[2002:7f00:1::]', '[2002:a00:1::1]', '[2001:0:7f00:1::]']),
    ...http(['[fe80::1]', '[fe80::5efe:127.0.0.1]', '[fec0::1]', '[fc00::1]', '[fdff::1]', '[ff02::1]', '[100::1]']),
    ...http(['[2001:db8::1]', '[2001:10::1]', '[2001:20::1]', '[3fff::1]', '[5f00::1]', '[4000::1]']),
    ...http(['[fe80::1%eth0]', '[fe80::1%25eth0]', '[::1', '[::1]]', '[1:2:3:4:5:6:7]', '[::ffff:999.0.0.1]']),
  ),
  ...refused(
    'private and reserved IPv4',
    ...http([
      '10.0.0.1',
      '10.255.255.255',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.0.1',
      '192.168.255.255',
      '3232235521',
    ]),
    ...http(['100.64.0.1', '100.127.255.255', '192.0.0.1', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.19.255.255']),
    ...http(['198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '0.1.2.3']),
  ),
  ...refused(
    'metadata of clouds',
    ...http([
      '169.254.169.254',
      '2852039166',
      '0xa9fea9fe',
      '0251.0376.0251.0376',
      '169.254.43518',
      '0xA9.0xFE.0xA9.0xFE',
    ]),
    ...http(['[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '[64:ff9b::a9fe:a9fe]', '[2002:a9fe:a9fe::1]']),
    ...http([
      '169.254.170.2',
      '100.100.100.200',
      '192.0.0.192',
      '168.63.129.16',
      '2822734096',
      '[::ffff:168.63.129.16]',
    ]),
    ...http(['[fd00:ec2::254]', '[fd20:ce::254]', '169.254.169.254.']),
  ),
  ...refused(
    'no address at all',
    ...http(['256.0.0.1', '1.2.3.4.5', '0x100000000', '127.0.0.1.5', 'a.0x4', '09.0.0.1']),
  ),
  ...refused('no address at all', '', ' ', '/etc/passwd', '//public.example/', 'http://', 'http:///', 'https://?'),
  ...refused(
    'no address at all',
    'http:// /',
    'http://exa mple/',
    'http://public.example:99999/',
    'http://public.example:x/',
  ),
  ...refused('no address at all', 'http://a%00b.example/', 'http://public.example%40127.0.0.1/', 'http://a<b.example/'),
  ...refused(
    'other protocols',
    'file:///etc/passwd',
    'FILE:///etc/passwd',
    'file://public.example/x',
    'ftp://public.example/',
  ),
  ...refused(
    'other protocols',
    'gopher://127.0.0.1:6379/_PING',
    'dict://127.0.0.1:11211/',
    'ldap://127.0.0.1/',
    'data:,x',
  ),
  ...refused(
    'other protocols',
    'javascript:alert(1)',
    'about:blank',
    'blob:http://public.example/x',
    'jar:http://a.example!/',
  ),
  ...refused(
    'other protocols',
    'ws://public.example/',
    's3://bucket/key',
    'redis://127.0.0.1/',
    'http+unix://%2Fsock/',
  ),
  ...refused(
    'other protocols',
    'view-source:http://public.example/',
    'concat:/etc/passwd',
    'php://filter',
    'httpx://a.example/',
  ),
  ...refused(
    'who is the host?',
    'http://public.example@127.0.0.1/',
    'http://public.example:80@127.0.0.1/',
    'http://a:b@[::1]/',
  ),
  ...refused('who is the host?', 'http://127.0.0.1#@public.example/', 'http://127.0.0.1?@public.example/'),
  ...refused('who is the host?', 'http://127.0.0.1\\@public.example/', 'http://public.example&@127.0.0.1/'),
  ...passes(
    'who is the host?',
    ['http://127.0.0.1@public.example/', `${PUBLIC}:80`],
    ['http://127.0.0.1:80@public.example/', `${PUBLIC}:80`],
    ['http://a@127.0.0.1@public.example/', `${PUBLIC}:80`],
    ['http://public.example\\@127.0.0.1/', `${PUBLIC}:80`],
    ['http://public.example#@127.0.0.1/', `${PUBLIC}:80`],
    ['http://public.example?@127.0.0.1/', `${PUBLIC}:80`],
    ['http://public.example/@127.0.0.1/', `${PUBLIC}:80`],
    ['http://public.example/http://127.0.0.1/', `${PUBLIC}:80`],
    ['http://public.example/..;/../%2e%2e/etc/passwd', `${PUBLIC}:80`],
  ),
  ...['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'ⓛocalhost', 'loc\u00adalhost'].map(
    (host): FetchTrick => ({
      ...{ kind: 'localhost', url: `http://${host}/`, asked: [], code: 'source_forbidden' },
      names: { [new URL(`http://${host}`).hostname]: [['127.0.0.1']] },
    }),
  ),
  ...hidden(
    'names that lead inside',
    ['127.0.0.1.nip.example', '127.0.0.1'],
    ['metadata.google.internal', '169.254.169.254'],
    ['instance-data.ec2.internal', '169.254.169.254'],
    ['kubernetes.default.svc', '10.96.0.1'],
    ['host.docker.internal', '192.168.65.2'],
    ['redis', '172.18.0.2'],
    ['redis.', '172.18.0.2'],
    ['MIXED.example', PUBLIC, '127.0.0.1'],
    ['mixed6.example', PUBLIC, '::1'],
    ['last.example', PUBLIC, OTHER, PUBLIC6, '10.0.0.1'],
    ['mapped.example', '::ffff:10.0.0.1'],
    ['nat64.example', '64:ff9b::a00:1'],
    ['six-to-four.example', '2002:a00:1::1'],
    ['teredo.example', '2001:0:a00:1::1'],
    ['zone.example', 'fe80::1%eth0'],
    ['zero.example', '0.0.0.0'],
    ['unspecified.example', '::'],
    ['aws6.example', 'fd00:ec2::254'],
    ['odd.example', '127.1'],
    ['bücher.example', '127.0.0.1'],
    ['_dmarc.example', '10.0.0.1'],
    ['nothing.example'],
  ),
  ...['168.63.129.16', '::ffff:168.63.129.16'].map(
    (address): FetchTrick => ({
      ...{ kind: 'metadata of clouds', url: 'http://wire.example/', asked: [], code: 'source_forbidden' },
      names: { 'wire.example': [[address]] },
    }),
  ),
  {
    ...{ kind: 'a name that changes its mind', url: 'http://turns.example/', asked: [`${PUBLIC}:80`], code: null },
    names: { 'turns.example': [[PUBLIC], ['127.0.0.1']] },
  },
  {
    ...{ kind: 'a name that changes its mind', url: START, asked: [`${PUBLIC}:80`], code: 'source_unreachable' },
    ...{ redirects: { [START]: '/again' }, names: { 'public.example': [[PUBLIC], ['10.0.0.1']] } },
  },
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

import { type FetchTrick, hidden, OTHER, PUBLIC, PUBLIC6, START } from './test-fetch-tricks.js';

/** Names whose answers are not public, at once or later. */
export const NAMES_THAT_LEAD_INSIDE: readonly FetchTrick[] = [
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
];

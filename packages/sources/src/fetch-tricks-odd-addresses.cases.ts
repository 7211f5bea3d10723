import { type FetchTrick, http, PUBLIC, passes, refused } from './test-fetch-tricks.js';

/** What is no address, names another protocol, or hides its host. */
export const ODD_ADDRESSES: readonly FetchTrick[] = [
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
];

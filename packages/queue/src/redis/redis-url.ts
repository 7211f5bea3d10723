/** Where Redis is, in the three forms that are supported, each with or without TLS. */
export type RedisAddress = RedisLogin &
  (
    | { readonly kind: 'single'; readonly node: RedisNode; readonly db: number }
    | {
        readonly kind: 'sentinel';
        readonly sentinels: readonly RedisNode[];
        readonly master: string;
        readonly db: number;
        /** The password of the sentinels. */
        readonly sentinelPassword?: string;
      }
    // A cluster has database 0 only.
    | { readonly kind: 'cluster'; readonly nodes: readonly RedisNode[] }
  );

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

interface RedisLogin {
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}

const SHAPE = /^(rediss?)(-sentinel|-cluster)?:\/\/(?:([^@/]*)@)?([^/?#]+)((?:\/[^/?#]+){0,2})\/?$/;
const NODE = /^(\[[0-9a-fA-F:.]+\]|[^:[\]@\s]+)(?::(\d{1,5}))?$/;

/**
 * Parses `redis://`, `redis-sentinel://h1:p,h2:p/MASTER[/DB]` and `redis-cluster://h1:p,h2:p`, with `rediss` for TLS
 * (to the sentinels too). Each may contain `USER:PASSWORD@` or `:PASSWORD@`, percent-encoded. Null for anything else.
 */
export function parseRedisUrl(text: string): RedisAddress | null {
  const [, scheme, form, login, hosts = '', path = ''] = SHAPE.exec(text) ?? [];
  if (scheme === undefined) return null;
  const nodes = parseNodes(hosts, form === '-sentinel' ? 26_379 : 6379);
  const [node] = nodes ?? [];
  const credentials = parseLogin(login);
  if (nodes === null || node === undefined || credentials === null) return null;
  const parts = path.split('/').filter((part) => part !== '');
  const base = { ...credentials, tls: scheme === 'rediss' };
  if (form === '-cluster') return parts.length === 0 ? { ...base, kind: 'cluster', nodes } : null;
  if (form === '-sentinel') {
    const [master, dbText] = parts;
    const db = parseDb(dbText);
    return master === undefined || db === null ? null : { ...base, kind: 'sentinel', sentinels: nodes, master, db };
  }
  const db = parseDb(parts[0]);
  return nodes.length > 1 || parts.length > 1 || db === null ? null : { ...base, kind: 'single', node, db };
}

function parseNodes(hosts: string, defaultPort: number): RedisNode[] | null {
  const nodes: RedisNode[] = [];
  for (const text of hosts.split(',')) {
    const [, host, portText] = NODE.exec(text) ?? [];
    const port = portText === undefined ? defaultPort : Number(portText);
    if (host === undefined || port < 1 || port > 65_535) return null;
    nodes.push({ host: host.replace(/^\[|\]$/g, ''), port });
  }
  return nodes;
}

function parseDb(text: string | undefined): number | null {
  if (text === undefined) return 0;
  return /^\d{1,4}$/.test(text) ? Number(text) : null;
}

function parseLogin(login: string | undefined): { username?: string; password?: string } | null {
  if (login === undefined || login === '') return {};
  const colon = login.indexOf(':');
  try {
    const username = decodeURIComponent(colon < 0 ? login : login.slice(0, colon));
    const password = colon < 0 ? '' : decodeURIComponent(login.slice(colon + 1));
    return { ...(username !== '' && { username }), ...(password !== '' && { password }) };
  } catch {
    // The percent-encoding is wrong, so this is no address.
    return null;
  }
}

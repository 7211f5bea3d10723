import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';

export interface SwiftPorts {
  readonly proxy: number;
  readonly account: number;
  readonly container: number;
  readonly object: number;
  readonly memcached: number;
}

/** tempauth takes `ACCOUNT:USER` as the S3 key and the user's password as the secret. */
export const SWIFT_CREDENTIALS = { accessKeyId: 'test:tester', secretAccessKey: 'testing' } as const;

const PROXY_PIPELINE =
  'catch_errors proxy-logging cache listing_formats bulk tempurl s3api tempauth copy slo dlo versioned_writes symlink proxy-logging proxy-server';

/**
 * In seconds. The defaults are made for a data centre: on a busy machine a storage server that takes half a second to
 * answer would be left out for a minute, and an object whose entry took a second would never be listed. A server that
 * has just begun to listen sometimes never answers its first caller, who then waits this long.
 */
const PATIENCE_S = 10;

function common(folder: string, port: number): string {
  return `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
swift_dir = ${folder}
devices = ${join(folder, 'devices')}
mount_check = false
# In the process itself, without forked workers: ending it ends all of it.
workers = 0
user = ${userInfo().username}
log_level = ERROR
conn_timeout = ${PATIENCE_S}
node_timeout = ${PATIENCE_S}
container_update_timeout = ${PATIENCE_S}
`;
}

function proxySettings(folder: string, ports: SwiftPorts): string {
  const filters = ['catch_errors', 'proxy-logging:proxy_logging', 'listing_formats', 'bulk', 'tempurl', 'copy', 'slo']
    .concat(['dlo', 'versioned_writes', 'symlink'])
    .map((filter) => {
      const [name, egg = name] = filter.split(':');
      return `[filter:${name}]\nuse = egg:swift#${egg}\n`;
    });
  return `${common(folder, ports.proxy)}
[pipeline:main]
pipeline = ${PROXY_PIPELINE}
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:${ports.memcached}
connect_timeout = ${PATIENCE_S}
pool_timeout = ${PATIENCE_S}
io_timeout = ${PATIENCE_S}
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
location = us-east-1
check_bucket_owner = false
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
${filters.join('')}`;
}

/** Makes rings of one device each, so that everything is stored once, in this folder. */
export function swiftRingScript(folder: string, ports: SwiftPorts): string {
  const rings = (['account', 'container', 'object'] as const).map((kind) => [kind, ports[kind]]);
  return `
from swift.common.ring import RingBuilder
for kind, port in ${JSON.stringify(rings)}:
    builder = RingBuilder(4, 1, 0)
    builder.add_dev({'id': 0, 'region': 1, 'zone': 1, 'weight': 1, 'ip': '127.0.0.1', 'port': port, 'device': 'd1'})
    builder.rebalance()
    builder.get_ring().save(${JSON.stringify(folder)} + '/' + kind + '.ring.gz')
`;
}

/**
 * Writes the settings of the four servers.
 * @returns the settings file of each.
 */
export async function writeSwiftSettings(
  folder: string,
  ports: SwiftPorts,
): Promise<Record<'proxy' | 'account' | 'container' | 'object', string>> {
  await mkdir(join(folder, 'devices', 'd1'), { recursive: true });
  const storage = (kind: 'account' | 'container' | 'object'): string =>
    `${common(folder, ports[kind])}[pipeline:main]\npipeline = ${kind}-server\n[app:${kind}-server]\nuse = egg:swift#${kind}\n`;
  const texts = {
    proxy: proxySettings(folder, ports),
    account: storage('account'),
    container: storage('container'),
    object: storage('object'),
  };
  const path = (kind: string): string => join(folder, `${kind}-server.conf`);
  for (const [kind, text] of Object.entries(texts)) await writeFile(path(kind), text);
  await writeFile(
    join(folder, 'swift.conf'),
    '[swift-hash]\nswift_hash_path_prefix = styleflow\nswift_hash_path_suffix = tests\n' +
      '[storage-policy:0]\nname = one\ndefault = yes\n',
  );
  return { proxy: path('proxy'), account: path('account'), container: path('container'), object: path('object') };
}

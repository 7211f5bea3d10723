/** Our processes that serve strangers, by their images. */
const OURS = /^styleflow\/(api|cpu-worker|gpu-worker):/;

/**
 * Who reaches whom in the compose file, and with which key: no process of one kind reaches one of another kind; CPU workers, which
 * decode strangers' files, share their way out with nobody, inference workers have none; each kind has a key of its own for the
 * store; Redis asks for a password.
 * @param {any} config as `resolveCompose` reads it
 * @returns {string[]}
 */
export function findOpenDoors({ services, networks }) {
  const all = Object.entries(services).map(([name, service]) => ({
    name,
    kind: OURS.exec(service.image)?.[1] ?? null,
    networks: networksOf(service),
    key: service.environment?.AWS_ACCESS_KEY_ID,
    redis: service.environment?.STYLEFLOW_REDIS_URL,
  }));
  const leadsOut = (/** @type {string} */ network) => networks?.[network]?.internal !== true;
  /** @type {string[]} */
  const findings = [];
  for (const { name, kind, networks: joined, key, redis } of all) {
    if (kind === null) continue;
    for (const other of all) {
      const shared = joined.filter((network) => other.networks.includes(network));
      if (shared.length > 0 && other.kind !== null && other.kind !== kind)
        findings.push(`${name}: it reaches ${other.name} by the network ${shared.join(', ')}`);
      if (kind === 'cpu-worker' && other.kind !== kind && shared.some(leadsOut))
        findings.push(`${name}: it shares its way out with ${other.name}`);
      if (other.kind !== null && other.kind !== kind && other.key === key)
        findings.push(`${name}: ${other.name} has the same key for the store`);
    }
    if (kind === 'gpu-worker' && joined.some(leadsOut)) findings.push(`${name}: it has a way out`);
    if (!/^redis:\/\/[^@]*:[^@]+@/.test(redis ?? '')) findings.push(`${name}: it calls Redis without a password`);
  }
  const { command, environment } = services.redis ?? {};
  if (!/requirepass \$+REDIS_PASSWORD/.test([command].flat().join(' ')))
    findings.push('redis: it asks for no password');
  if (!environment?.REDISCLI_AUTH) findings.push('redis: its health check has no password');
  return findings;
}

/** @param {any} service @returns {string[]} */
function networksOf({ networks }) {
  return Array.isArray(networks) ? networks : Object.keys(networks ?? {});
}

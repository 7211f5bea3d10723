import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {Readonly<Record<string, string>>} Environment */
/** @typedef {{ process: string, where: string, env: Environment }} ProcessEnvironment */

export const PROCESSES = ['api', 'cpu-worker', 'gpu-worker'];

/** What libraries and the container's own programs read. */
const FOREIGN =
  /^(AWS_[A-Z_]+|OTEL_EXPORTER_OTLP_(TIMEOUT|COMPRESSION|(CLIENT_)?CERTIFICATE|CLIENT_KEY)|GLIBC_TUNABLES|MALLOC_ARENA_MAX|NODE_ENV|NODE_EXTRA_CA_CERTS|NODE_OPTIONS|NVIDIA_DRIVER_CAPABILITIES|ORT_DISABLE_TELEMETRY|REDIS_PASSWORD)$/;

/**
 * The variables that each process asks for, seen by letting its own built env.ts read an environment that notes every name.
 * @typedef {{ names: ReadonlySet<string>, parse: (env: Environment) => void }} ProcessSettings
 * @param {string} root of the repository, built
 * @returns {Promise<ReadonlyMap<string, ProcessSettings>>}
 */
export async function readKnownSettings(root) {
  /** @type {Map<string, ProcessSettings>} */
  const known = new Map();
  for (const name of PROCESSES) {
    const { readEnv } = await import(pathToFileURL(join(root, 'packages', name, 'dist/env.js')).href);
    /** @type {Set<string>} */
    const names = new Set();
    readEnv(
      new Proxy(/** @type {Record<string, string>} */ ({ STYLEFLOW_STORE: 'file:/nowhere' }), {
        get(target, property) {
          names.add(String(property));
          return target[String(property)];
        },
      }),
    );
    known.set(name, { names, parse: readEnv });
  }
  return known;
}

/**
 * Settings that a process reads and that the list of all settings lacks: others would call them unknown.
 * @param {string} root of the repository, built
 * @param {ReadonlyMap<string, ProcessSettings>} known
 * @returns {Promise<string[]>}
 */
export async function findUnlistedSettings(root, known) {
  const { unknownSettings } = await import(pathToFileURL(join(root, 'packages/runtime/dist/every-setting.js')).href);
  const names = new Set([...known.values()].flatMap((settings) => [...settings.names]));
  return [...names]
    .filter((name) => unknownSettings({ [name]: '1' }).length > 0)
    .map((name) => `packages/runtime/src/every-setting.ts does not list ${name}`);
}

/**
 * Every variable that a manifest sets is one that its process reads, with a value that it takes.
 * @param {readonly ProcessEnvironment[]} environments
 * @param {ReadonlyMap<string, ProcessSettings>} known
 * @returns {string[]}
 */
export function findWrongSettings(environments, known) {
  return environments.flatMap(({ process, where, env }) => {
    const settings = known.get(process);
    if (settings === undefined) return [`${where}: there is no process ${process}`];
    const unknown = Object.keys(env).filter((name) => !settings.names.has(name) && !FOREIGN.test(name));
    const findings = unknown.map((name) => `${where}: ${process} reads no ${name}`);
    try {
      // STYLEFLOW_DETECTOR is a folder on the machine where the process runs, so it cannot be checked here.
      const { STYLEFLOW_DETECTOR: _, ...rest } = env;
      settings.parse(rest);
    } catch (error) {
      findings.push(`${where}: ${error instanceof Error ? error.message.replace(/\s+/g, ' ') : error}`);
    }
    return findings;
  });
}

/**
 * Settings that a compose file need not offer: the images set them, Redis and the store belong to the file, or they are
 * for load tests.
 */
const NOT_OFFERED =
  /^(OTEL_\w+|AWS_\w+|STYLEFLOW_(ADMIN_\w+|SCRATCH_DIR|BUNDLE_CACHE|GRAPH_CACHE|TENSORRT_CACHE|S3_PUBLIC_ENDPOINT|SIMULATED_DEVICE|REDIS_SENTINEL_PASSWORD))$/;

/**
 * Settings that nobody can turn: which a process reads and no service of it is given. All that a setting lacks is told at once.
 * @param {readonly ProcessEnvironment[]} environments of the compose file
 * @param {ReadonlyMap<string, ProcessSettings>} known
 * @param {ReadonlySet<string>} explained the variables that .env.example explains
 * @returns {string[]}
 */
export function findSettingsOutOfReach(environments, known, explained) {
  const findings = [...known].flatMap(([process, { names }]) => {
    const given = new Set(
      environments.filter((each) => each.process === process).flatMap(({ env }) => Object.keys(env)),
    );
    // The limit of queued jobs matters only where jobs are submitted, turns where entries are added.
    if (process !== 'api') given.add('STYLEFLOW_MAX_QUEUED_JOBS');
    if (process === 'gpu-worker') given.add('STYLEFLOW_OWNER_WEIGHTS');
    // A worker reads it to refuse it.
    if (process !== 'api') given.add('STYLEFLOW_SIGNING_KEY');
    return [...names]
      .filter((name) => !given.has(name) && !NOT_OFFERED.test(name))
      .flatMap((name) => [
        `docker-compose.yml: nobody can set ${name} of ${process}`,
        ...(explained.has(name) ? [] : [`deploy/.env.example does not explain ${name}`]),
      ]);
  });
  return [...new Set(findings)];
}

/**
 * The variables that the images set.
 * @param {import('../set-up/deploy-tools.mjs').DeployTools} tools
 * @param {string} root
 * @returns {Promise<ProcessEnvironment[]>}
 */
export async function readImageEnvironments({ load }, root) {
  const { DockerfileParser } = await load('dockerfile-ast');
  return PROCESSES.map((process) => {
    const where = `deploy/docker/${process}.Dockerfile`;
    const file = DockerfileParser.parse(readFileSync(join(root, where), 'utf8'));
    const properties = file.getENVs().flatMap((/** @type {any} */ line) => line.getProperties());
    const env = Object.fromEntries(
      properties.map((/** @type {any} */ property) => [property.getName(), property.getValue()]),
    );
    return { process, where, env: { STYLEFLOW_STORE: 'file:/nowhere', ...env } };
  });
}

/**
 * The guide names no variable that nobody reads.
 * @param {string} root
 * @param {ReadonlyMap<string, ProcessSettings>} known
 * @param {readonly string[]} others that compose files and the command line read
 * @returns {string[]}
 */
export function findUnknownNamesInGuide(root, known, others) {
  const names = new Set([
    ...others,
    'STYLEFLOW_API',
    'STYLEFLOW_API_KEY',
    ...[...known.values()].flatMap((settings) => [...settings.names]),
  ]);
  const folders = ['docs/operations', 'deploy/monitoring/runbooks'];
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder)).flatMap((file) => {
      const used = readFileSync(join(root, folder, file), 'utf8').match(/\b(?:STYLEFLOW|OTEL)_[A-Z0-9_]+\b/g) ?? [];
      return [...new Set(used)]
        .filter((name) => !names.has(name) && !FOREIGN.test(name))
        .map((name) => `${folder}/${file}: nobody reads ${name}`);
    }),
  );
}

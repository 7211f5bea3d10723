import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOpenDoors } from './check-compose-networks.mjs';
import { findFloatingTag } from './image-tags.mjs';
import { linesOf, runTool } from './run-tool.mjs';

/** @typedef {import('../set-up/deploy-tools.mjs').DeployTools} DeployTools */

/** Values for variables that .env.example leaves empty on purpose. */
const FILLED_IN = {
  REDIS_PASSWORD: 'a-password',
  S3_API_SECRET: 'a-secret',
  S3_CPU_WORKER_SECRET: 'another-secret',
  S3_GPU_WORKER_SECRET: 'a-third-secret',
  GRAFANA_PASSWORD: 'a-password',
  STYLEFLOW_API_KEYS: `ci:admin:sha256:${'0'.repeat(64)}`,
};

/**
 * The compose file as docker-compose resolves it with .env.example filled in.
 * @param {DeployTools} tools
 * @param {string} root
 * @returns {Promise<{ tool: string, config: any, findings: string[] }>} `config` null when it is refused
 */
export async function resolveCompose({ programs, load }, root) {
  const program = programs['docker-compose'] ?? '';
  const { stdout: version } = runTool(program, ['--version']);
  const tool = /docker-compose version [\d.]+|Docker Compose version \S+/.exec(version)?.[0] ?? 'docker-compose';
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  try {
    const envFile = join(folder, 'env');
    const example = readFileSync(join(root, 'deploy/.env.example'), 'utf8');
    const filledIn = Object.entries(FILLED_IN).reduce(
      (text, [name, value]) => text.replace(`\n${name}=\n`, `\n${name}=${value}\n`),
      example,
    );
    writeFileSync(envFile, filledIn);
    const args = ['--file', join(root, 'docker-compose.yml'), '--env-file', envFile, 'config'];
    const profiles = 'gpu-8,cpu,monitoring,train';
    const { ok, stdout, stderr } = runTool(program, args, { env: { COMPOSE_PROFILES: profiles } });
    if (!ok) return { tool, config: null, findings: linesOf(stderr) };
    const { parse } = await load('yaml');
    return { tool, config: parse(stdout), findings: [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The compose file against the Compose specification and what we promise of every service.
 * @param {DeployTools} tools
 * @param {string} root
 * @returns {Promise<import('./run-tool.mjs').Outcome & { config: any }>}
 */
export async function checkCompose(tools, root) {
  const { tool, config, findings } = await resolveCompose(tools, root);
  const lint = join(tools.folder, 'node_modules/dclint/bin/dclint.cjs');
  const rules = fileURLToPath(new URL('./compose-rules.json', import.meta.url));
  const { ok, stdout, stderr } = runTool(process.execPath, [
    lint,
    '--config',
    rules,
    '--max-warnings',
    '0',
    join(root, 'docker-compose.yml'),
  ]);
  if (!ok) findings.push(...linesOf(stdout + stderr));
  if (config !== null) findings.push(...findBrokenServices(config), ...findOpenDoors(config));
  findings.push(...findUnexplained(root));
  const version = JSON.parse(readFileSync(join(tools.folder, 'node_modules/dclint/package.json'), 'utf8')).version;
  const services = Object.keys(config?.services ?? {}).length;
  return { tool: `${tool}, dclint ${version}, own rules`, checked: `${services} services`, findings, config };
}

/**
 * What we promise of every service.
 * @param {any} config as `resolveCompose` reads it
 * @returns {string[]}
 */
export function findBrokenServices({ services }) {
  /** @type {string[]} */
  const findings = [];
  /** @type {Map<string, string>} */
  const gpus = new Map();
  for (const [name, service] of Object.entries(services)) {
    findings.push(...findFloatingTag(service.image).map((sentence) => `${name}: ${sentence}`));
    for (const port of service.ports ?? []) {
      if (!String(port).startsWith('127.0.0.1:')) findings.push(`${name}: ${port} is open to everyone by default`);
    }
    if (service.image.startsWith('styleflow/')) {
      if (service.read_only !== true) findings.push(`${name}: read_only is not set`);
      if (service.cap_drop?.[0] !== 'ALL') findings.push(`${name}: it keeps capabilities`);
      const grace = Number(service.environment.STYLEFLOW_SHUTDOWN_GRACE_SECONDS ?? 20);
      if (
        Number.parseInt(service.stop_grace_period, 10) * (/m/.test(service.stop_grace_period) ? 60 : 1) <
        grace + 10
      ) {
        findings.push(`${name}: stop_grace_period leaves no time after the ${grace} s that running work gets`);
      }
    }
    for (const device of service.deploy?.resources?.reservations?.devices ?? []) {
      if (device.count !== undefined && device.device_ids !== undefined)
        findings.push(`${name}: count and device_ids exclude each other`);
      for (const id of device.device_ids ?? []) {
        if (gpus.has(id)) findings.push(`${name}: card ${id} is ${gpus.get(id)}'s`);
        gpus.set(id, name);
      }
    }
  }
  return findings;
}

/**
 * Every variable of the compose file stands in .env.example, and the other way round.
 * @param {string} root
 * @returns {string[]}
 */
export function findUnexplained(root) {
  const used = namesInCompose(root);
  const explained = namesInExample(root);
  return [
    ...[...used].filter((name) => !explained.has(name)).map((name) => `deploy/.env.example does not explain ${name}`),
    ...[...explained]
      .filter((name) => !used.has(name) && !name.startsWith('COMPOSE_'))
      .map((name) => `docker-compose.yml does not read ${name} of .env.example`),
  ];
}

/**
 * The variables that .env.example explains.
 * @param {string} root
 */
export function namesInExample(root) {
  const example = readFileSync(join(root, 'deploy/.env.example'), 'utf8');
  return new Set([...example.matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name));
}

/**
 * The variables that docker-compose.yml asks for.
 * @param {string} root
 */
export function namesInCompose(root) {
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8').replace(/^\s*#.*$/gm, '');
  return new Set([...text.matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name = '']) => name));
}

/**
 * What each service of ours is given.
 * @param {any} config
 * @returns {import('./check-settings.mjs').ProcessEnvironment[]}
 */
export function readComposeEnvironments(config) {
  return Object.entries(config?.services ?? {}).flatMap(([where, { image, environment }]) => {
    const process = /^styleflow\/([a-z-]+):/.exec(image)?.[1];
    // The trainer reads no settings: arguments and files are all that it takes.
    if (process === undefined || process === 'trainer') return [];
    const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value ?? '')]));
    return [{ process, where: `docker-compose.yml: ${where}`, env }];
  });
}

// @module-tag deploy-tools
import { beforeAll, describe, expect, it } from 'vitest';
import { installDeployTools } from '../set-up/deploy-tools.mjs';
import { ROOT } from '../set-up/root.mjs';
import {
  findBrokenServices,
  findUnexplained,
  namesInExample,
  readComposeEnvironments,
  resolveCompose,
} from './check-compose.mjs';
import { findOpenDoors } from './check-compose-networks.mjs';
import { checkDockerfiles } from './check-dockerfiles.mjs';
import {
  findSettingsOutOfReach,
  findUnlistedSettings,
  findWrongSettings,
  readImageEnvironments,
  readKnownSettings,
} from './check-settings.mjs';
import { COMPOSE, DOCKERFILE, makeCheckout, rename } from './test-checkout.mjs';

/** @type {import('../set-up/deploy-tools.mjs').DeployTools} */
let tools;
/** @type {ReadonlyMap<string, import('./check-settings.mjs').ProcessSettings>} */
let settings;
/** What docker-compose makes of the file as it is. @type {any} */
let resolved;
const { root, replace } = makeCheckout();

beforeAll(async () => {
  tools = await installDeployTools();
  settings = await readKnownSettings(ROOT);
  const { config, findings } = await resolveCompose(tools, root);
  expect(findings).toEqual([]);
  resolved = config;
});

/** @param {any} config */
const promises = (config) => findBrokenServices(config);
/** @param {any} config */
const doors = (config) => findOpenDoors(config);
/** @param {any} config */
const values = (config) => findWrongSettings(readComposeEnvironments(config), settings);
/** @param {any} config */
const reach = (config) => findSettingsOutOfReach(readComposeEnvironments(config), settings, namesInExample(root));

describe('the check of the compose file', () => {
  it.each([
    ['a key that no service has', 'stop_grace_period: 60s', 'stop_grace_time: 60s', /stop_grace_time/],
    [
      'a service that waits for one that is not there',
      's3: { condition: service_healthy }',
      's4: { condition: service_healthy }',
      /s4/,
    ],
  ])('refuses %s', async (_, from, to, expected) => {
    replace(COMPOSE, from, to);
    expect((await resolveCompose(tools, root)).findings.join('\n')).toMatch(expected);
  });

  it.each([
    [
      'an image without a version',
      promises,
      (/** @type {any} */ { grafana }) => {
        grafana.image = 'grafana/grafana';
      },
      /grafana: .*no tag with a version/,
    ],
    [
      'an image that floats between patches',
      promises,
      (/** @type {any} */ { redis }) => {
        redis.image = 'redis:7.2-bookworm';
      },
      /redis: .*down to the patch/,
    ],
    [
      'a card that two workers have',
      promises,
      (/** @type {any} */ all) => {
        all['gpu-worker-1'].deploy.resources.reservations.devices[0].device_ids = ['0'];
      },
      /card 0 is/,
    ],
    [
      'a service that is killed too early',
      promises,
      (/** @type {any} */ all) => {
        all['cpu-worker'].environment.STYLEFLOW_SHUTDOWN_GRACE_SECONDS = '55';
      },
      /cpu-worker: .*leaves no time/,
    ],
    [
      'a port that is open to everyone',
      promises,
      (/** @type {any} */ { api }) => {
        api.ports = ['8000:8000/tcp'];
      },
      /api: .*open to everyone/,
    ],
    [
      'a service that may write everywhere',
      promises,
      (/** @type {any} */ { api }) => {
        api.read_only = false;
      },
      /api: read_only/,
    ],
    [
      'a decoder that reaches the API',
      doors,
      (/** @type {any} */ all) => {
        all['cpu-worker'].networks = { 'cpu-worker': null, api: null, egress: null };
      },
      /cpu-worker: it reaches api by the network api/,
    ],
    [
      'a decoder that shares its way out',
      doors,
      (/** @type {any} */ all) => {
        all.redis.networks = { 'cpu-worker': null, egress: null };
      },
      /cpu-worker: it shares its way out with redis/,
    ],
    [
      'an inference worker with a way out',
      doors,
      (/** @type {any} */ all) => {
        all['gpu-worker-3'].networks = { egress: null };
      },
      /gpu-worker-3: it has a way out/,
    ],
    [
      'two kinds of process with one key',
      doors,
      (/** @type {any} */ all) => {
        all['cpu-worker'].environment.AWS_ACCESS_KEY_ID = all.api.environment.AWS_ACCESS_KEY_ID;
      },
      /cpu-worker: api has the same key for the store/,
    ],
    [
      'a Redis that asks for no password',
      doors,
      (/** @type {any} */ { redis }) => {
        redis.command = ['redis-server'];
      },
      /redis: it asks for no password/,
    ],
    [
      'a health check of Redis without the password',
      doors,
      (/** @type {any} */ { redis }) => {
        delete redis.environment.REDISCLI_AUTH;
      },
      /redis: its health check has no password/,
    ],
    [
      'a process that calls Redis without a password',
      doors,
      (/** @type {any} */ { api }) => {
        api.environment.STYLEFLOW_REDIS_URL = 'redis://redis:6379';
      },
      /api: it calls Redis without a password/,
    ],
    [
      'a setting that no process reads',
      values,
      (/** @type {any} */ { api }) =>
        rename(api.environment, 'STYLEFLOW_S3_FORCE_PATH_STYLE', 'STYLEFLOW_S3_PATH_STYLE'),
      /reads no STYLEFLOW_S3_PATH_STYLE/,
    ],
    [
      'a setting with a wrong value',
      values,
      (/** @type {any} */ { api }) => {
        api.environment.STYLEFLOW_PORT = 'http';
      },
      /STYLEFLOW_PORT/,
    ],
    [
      'a setting that nobody can turn',
      reach,
      (/** @type {any} */ all) => rename(all['cpu-worker'].environment, 'STYLEFLOW_MAX_FACES', 'LC_ALL'),
      /nobody can set STYLEFLOW_MAX_FACES of cpu-worker/,
    ],
  ])('refuses %s', (_, check, spoil, expected) => {
    const config = structuredClone(resolved);
    spoil(config.services);
    expect(check(config).join('\n')).toMatch(expected);
    expect(check(resolved)).toEqual([]);
  });

  it('refuses a variable that .env.example lacks, and one that nobody reads', () => {
    replace('deploy/.env.example', 'GRAFANA_PUBLISH=', 'GRAFANA_ADDRESS=');
    expect(findUnexplained(root).join('\n')).toMatch(
      /does not explain GRAFANA_PUBLISH[\s\S]*does not read GRAFANA_ADDRESS/,
    );
  });

  it('tells in one round all that a new setting lacks, for every process that reads it', () => {
    const reader = { names: new Set(['STYLEFLOW_NEW']), parse: () => undefined };
    const known = new Map([
      ['api', reader],
      ['cpu-worker', reader],
    ]);
    const service = { process: 'api', where: 'docker-compose.yml: api', env: { STYLEFLOW_NEW: '1' } };
    expect(findSettingsOutOfReach([], known, new Set())).toEqual([
      'docker-compose.yml: nobody can set STYLEFLOW_NEW of api',
      'deploy/.env.example does not explain STYLEFLOW_NEW',
      'docker-compose.yml: nobody can set STYLEFLOW_NEW of cpu-worker',
    ]);
    expect(findSettingsOutOfReach([service], known, new Set(['STYLEFLOW_NEW']))).toEqual([
      'docker-compose.yml: nobody can set STYLEFLOW_NEW of cpu-worker',
    ]);
  });

  it('tells of a setting that the list of all settings lacks', async () => {
    const known = new Map([
      ['api', { names: new Set(['STYLEFLOW_NEW', 'STYLEFLOW_PORT', 'AWS_REGION']), parse: () => undefined }],
    ]);
    expect(await findUnlistedSettings(ROOT, known)).toEqual([
      'packages/runtime/src/every-setting.ts does not list STYLEFLOW_NEW',
    ]);
  });
});

describe('the check of the Dockerfiles', () => {
  it.each([
    ['an instruction that Docker does not know', 'EXPOSE', 'EXPOSED', /Unknown instruction/],
    ['an image that runs as root', 'USER 10001:10001\n', '', /USER must be/],
    ['a base without a version', 'FROM node:20.20.2-bookworm-slim\n', 'FROM node:latest\n', /no tag with a version/],
    [
      'a base that floats between patches',
      'FROM node:20.20.2-bookworm-slim\n',
      'FROM node:20-bookworm-slim\n',
      /node:20-bookworm-slim .*floats/,
    ],
    ['files out of an image that floats', 'COPY --from=api ', 'COPY --from=busybox:1 ', /busybox:1 .*floats/],
    ['a first stage that differs', 'RUN pnpm fetch', 'RUN pnpm fetch --prod', /stage `workspace`/],
    ['a mistake in the shell of a RUN', 'rm -rf /var/lib/apt/lists/*', 'rm -rf $NOWHERE/lists/*', /SC2086/],
    ['an image without an init process', '["tini", "--", "node"', '["node"', /must start tini/],
  ])('refuses %s', async (_, from, to, expected) => {
    replace(DOCKERFILE, from, to);
    expect((await checkDockerfiles(tools, root)).findings.join('\n')).toMatch(expected);
  });

  it('refuses an image setting that its process does not read', async () => {
    replace(DOCKERFILE, 'STYLEFLOW_ADMIN_HOST=', 'STYLEFLOW_ADMINHOST=');
    const images = await readImageEnvironments(tools, root);
    expect(findWrongSettings(images, settings).join('\n')).toMatch(/reads no STYLEFLOW_ADMINHOST/);
  });
});

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect } from 'vitest';
import { ROOT } from '../set-up/root.mjs';

export const CHART = 'deploy/kubernetes/styleflow';
export const COMPOSE = 'docker-compose.yml';
export const DOCKERFILE = 'deploy/docker/api.Dockerfile';
export const ALERTS = 'deploy/monitoring/alerts.yml';
export const DASHBOARD = 'deploy/monitoring/dashboards/queues.json';
export const GPU = `${CHART}/templates/gpu-worker.yaml`;
export const HELPERS = `${CHART}/templates/_helpers.tpl`;

/**
 * A copy of what the checks read, so that a test can break it, and links to what they only look up. Whole again after each test, gone
 * after the last one. Of the chart's sets of values one is there: enough to see that a broken manifest is refused.
 */
export function makeCheckout() {
  const root = mkdtempSync(join(tmpdir(), 'deploy-'));
  for (const name of ['packages', 'node_modules', 'scripts', 'package.json', 'pnpm-lock.yaml'])
    symlinkSync(join(ROOT, name), join(root, name));
  for (const name of ['deploy', 'docs', '.ci', COMPOSE])
    cpSync(join(ROOT, name), join(root, name), { recursive: true, verbatimSymlinks: true });
  for (const values of readdirSync(join(root, CHART, 'ci'))) {
    if (values !== 'sentinel.yaml') rmSync(join(root, CHART, 'ci', values));
  }
  /** @type {Map<string, string>} path → what stood there */
  const originals = new Map();
  afterEach(() => {
    for (const [path, text] of originals) writeFileSync(join(root, path), text);
    originals.clear();
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return {
    root,
    /**
     * @param {string} path
     * @param {string | RegExp} from must be there
     * @param {string} to
     */
    replace(path, from, to) {
      const text = readFileSync(join(root, path), 'utf8');
      if (!originals.has(path)) originals.set(path, text);
      const changed = text.replace(from, () => to);
      expect(changed).not.toBe(text);
      writeFileSync(join(root, path), changed);
    },
  };
}

/**
 * Renames a key of an object, in place.
 * @param {any} object
 * @param {string} from must be there
 * @param {string} to
 */
export function rename(object, from, to) {
  expect(object).toHaveProperty(from);
  object[to] = object[from];
  delete object[from];
}

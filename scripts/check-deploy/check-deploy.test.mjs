// @module-tag deploy-tools
import { beforeAll, describe, expect, it } from 'vitest';
import { installDeployTools } from '../set-up/deploy-tools.mjs';
import { checkDeploy } from './check-deploy.mjs';
import { checkScripts } from './check-scripts.mjs';
import { ALERTS, CHART, COMPOSE, DASHBOARD, DOCKERFILE, GPU, makeCheckout } from './test-checkout.mjs';

/** @type {import('../set-up/deploy-tools.mjs').DeployTools} */
let tools;
const { root, replace } = makeCheckout();
beforeAll(async () => {
  tools = await installDeployTools();
});

/** @param {import('../set-up/deploy-tools.mjs').DeployTools} [given] @param {boolean} [isCi] */
async function checkAll(given = tools, isCi = true) {
  /** @type {string[]} */
  const lines = [];
  const exitCode = await checkDeploy(given, root, { isCi, print: (line) => lines.push(line) });
  return { lines, exitCode };
}

describe('the check of what is deployed', () => {
  it('accepts what is there', async () => {
    const { lines, exitCode } = await checkAll();
    expect(lines.filter((line) => !line.startsWith('ok'))).toEqual([]);
    expect(lines).toHaveLength(12);
    expect(exitCode).toBe(0);
  });

  it('fails each of its steps for a fault of its kind, and tells all in one run', async () => {
    replace(COMPOSE, 'grafana/grafana:12.1.1', 'grafana/grafana');
    replace(COMPOSE, 'STYLEFLOW_PORT: "8000"', 'STYLEFLOW_PORT: "http"');
    replace(DOCKERFILE, 'USER 10001:10001\n', '');
    replace(GPU, 'terminationGracePeriodSeconds:', 'terminationGraceSeconds:');
    replace(
      `${CHART}/templates/monitoring.yaml`,
      'replacement: {{ include "styleflow.installation" $root }}',
      'replacement: other',
    );
    replace('deploy/kubernetes/training-job.yaml', 'runAsNonRoot: true', 'runAsNonRoot: false');
    replace(ALERTS, 'alert: StyleFlowRestarts', 'alert: StyleFlowRestart');
    replace(ALERTS, '> 900', '> 90000');
    replace(ALERTS, 'code=~"internal|inference_failed|', 'code=~"internal|');
    replace(DASHBOARD, '"graphTooltip": 1', '"graphTooltip": "shared"');
    replace(DASHBOARD, 'styleflow_queue_depth', 'styleflow_queue_length');
    replace('.ci/run', 'exit "$status"', 'exit $status $nothing');
    const { lines, exitCode } = await checkAll();
    expect(lines.filter((line) => line.startsWith('ok'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('FAILED'))).toHaveLength(12);
    const text = lines.join('\n');
    for (const fault of [
      ...[
        /grafana: .*no tag/,
        /STYLEFLOW_PORT/,
        /USER must be/,
        /terminationGraceSeconds/,
        /figures of other/,
        /it may run as root/,
      ],
      ...[
        /StyleFlowRestart: no test/,
        /StyleFlowQueueOld/,
        /lacks inference_failed/,
        /graphTooltip/,
        /styleflow_queue_length/,
      ],
      /SC2086/,
    ])
      expect(text).toMatch(fault);
    expect(exitCode).toBe(1);
  });

  it('refuses a mistake in a shell script', () => {
    replace('.ci/run', 'exit "$status"', 'exit $status $nothing');
    expect(checkScripts(tools, root).findings.join('\n')).toMatch(/SC2086/);
  });

  it('skips what its program is missing for, with the reason, and fails for it on CI alone', async () => {
    // Without any of them what is left is checked in a moment.
    const missing = { helm: 'not for this machine', 'docker-compose': 'none', promtool: 'none', shellcheck: 'none' };
    for (const isCi of [false, true]) {
      const { lines, exitCode } = await checkAll({ ...tools, programs: {}, missing }, isCi);
      expect(lines).toContain(`${isCi ? 'FAILED' : 'skipped'}  Helm chart: no helm (not for this machine)`);
      expect(lines.filter((line) => /^(FAILED|skipped)/.test(line))).toHaveLength(6);
      expect(exitCode).toBe(isCi ? 1 : 0);
    }
  });
});

import { checkChart } from './check-chart.mjs';
import { checkCompose, namesInCompose, namesInExample, readComposeEnvironments } from './check-compose.mjs';
import { checkDockerfiles } from './check-dockerfiles.mjs';
import { checkFaultCodes } from './check-fault-codes.mjs';
import { checkInstallations } from './check-installations.mjs';
import { checkDashboards, checkPrometheus, checkQueries, checkRunBooks, readQueries } from './check-monitoring.mjs';
import { checkScripts } from './check-scripts.mjs';
import {
  findSettingsOutOfReach,
  findUnknownNamesInGuide,
  findUnlistedSettings,
  findWrongSettings,
  readImageEnvironments,
  readKnownSettings,
} from './check-settings.mjs';
import { checkSingleManifests } from './check-single-manifests.mjs';
import { readKnownMetrics } from './known-metrics.mjs';
import { readChartEnvironments, readScalingQueries } from './read-chart.mjs';

/** @typedef {import('../set-up/deploy-tools.mjs').DeployTools} DeployTools */

/**
 * Validates everything below `deploy/` and docker-compose.yml as far as that goes without a cluster, an engine or a card.
 * The packages must be built: settings and metrics are held against what the code itself says.
 *
 * A check whose program is not here is skipped, with the reason; on CI that is a failure, since there nobody reads on.
 * @param {DeployTools} tools
 * @param {string} root of the repository
 * @param {{ isCi: boolean, print: (line: string) => void }} options
 * @returns {Promise<number>} the exit code
 */
export async function checkDeploy(tools, root, { isCi, print }) {
  let failures = 0;
  /** @type {(name: string, needs: readonly string[], run: () => any) => Promise<any>} */
  const step = async (name, needs, run) => {
    const missing = needs.filter((program) => tools.programs[program] === undefined);
    if (missing.length > 0) {
      if (isCi) failures += 1;
      print(
        `${isCi ? 'FAILED' : 'skipped'}  ${name}: ${missing.map((program) => `no ${program} (${tools.missing[program]})`).join('; ')}`,
      );
      return null;
    }
    const outcome = await run();
    if (outcome.findings.length > 0) failures += 1;
    print(`${outcome.findings.length === 0 ? 'ok    ' : 'FAILED'}  ${name}: ${outcome.checked}, by ${outcome.tool}`);
    for (const finding of outcome.findings) print(`        ${finding}`);
    return outcome;
  };

  const compose = await step('compose file', ['docker-compose'], () => checkCompose(tools, root));
  await step('Dockerfiles', ['shellcheck'], () => checkDockerfiles(tools, root));
  const chart = await step('Helm chart', ['helm'], () => checkChart(tools, root));
  await step('single manifests', [], () => checkSingleManifests(tools, root));
  await step('settings', [], async () => {
    const known = await readKnownSettings(root);
    const images = await readImageEnvironments(tools, root);
    const environments = [
      ...images,
      ...readComposeEnvironments(compose?.config),
      ...readChartEnvironments(chart?.manifests ?? []),
    ];
    const findings = findWrongSettings(environments, known);
    findings.push(...(await findUnlistedSettings(root, known)));
    if (compose !== null) {
      const services = readComposeEnvironments(compose.config);
      findings.push(...findSettingsOutOfReach(services, known, namesInExample(root)));
    }
    findings.push(...findUnknownNamesInGuide(root, known, [...namesInCompose(root)]));
    return {
      tool: "the processes' own parsers",
      checked: `${environments.length} environments and the guide`,
      findings,
    };
  });
  await step('Prometheus', ['promtool'], () => checkPrometheus(tools, root));
  await step('run-books', [], () => checkRunBooks(tools, root));
  await step('fault codes', [], () => checkFaultCodes(tools, root));
  await step('dashboards', [], () => checkDashboards(tools, root));
  await step('queries', ['promtool'], async () => {
    const queries = [...(await readQueries(tools, root)), ...readScalingQueries(chart?.manifests ?? [])];
    return checkQueries(tools, queries, await readKnownMetrics(root));
  });
  await step('installations', [], () => checkInstallations(tools, root, chart?.manifests ?? []));
  await step('shell scripts', ['shellcheck'], () => checkScripts(tools, root));
  return failures === 0 ? 0 : 1;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readQueries } from './check-monitoring.mjs';
import { selectorsOf } from './read-query.mjs';

/** The alert about jobs that fail through the system, and its run-book. */
const ALERT = 'StyleFlowJobsFail';
const RUN_BOOK = 'deploy/monitoring/runbooks/jobs-fail.md';

/**
 * What the code holds to be our fault, the alert, the dashboards and the run-book hold, too: a code that one of them lacks would
 * fail jobs unseen, or wake somebody whom nothing tells what to do.
 * @param {import('../set-up/deploy-tools.mjs').DeployTools} tools
 * @param {string} root of the repository, built
 * @returns {Promise<import('./run-tool.mjs').Outcome>}
 */
export async function checkFaultCodes(tools, root) {
  const { OUR_FAULTS } = await import(pathToFileURL(join(root, 'packages/contracts/dist/index.js')).href);
  const { parser } = await tools.load('@prometheus-io/lezer-promql');
  const asked = (await readQueries(tools, root)).flatMap(({ where, expr }) =>
    selectorsOf(expr, parser)
      .filter(({ metric }) => metric === 'styleflow_jobs_total')
      .flatMap(({ matchers }) => matchers.flatMap((matcher) => /^code=~"(.*)"$/.exec(matcher)?.[1] ?? []))
      .map((codes) => ({ where, codes: codes.split('|') })),
  );
  const findings = asked.flatMap(({ where, codes }) => gaps(where, codes, OUR_FAULTS));
  if (!asked.some(({ where }) => where === ALERT)) findings.push(`${ALERT}: asks for no codes of failed jobs`);
  const bullets = readFileSync(join(root, RUN_BOOK), 'utf8').match(/^ *- `[^:]*:/gm) ?? [];
  const explained = bullets.flatMap((bullet) => [...bullet.matchAll(/`(\w+)`/g)].map(([, code = '']) => code));
  findings.push(...gaps(RUN_BOOK, explained, OUR_FAULTS));
  return {
    tool: 'the table of errors',
    checked: `${OUR_FAULTS.length} codes of our faults`,
    findings: [...new Set(findings)],
  };
}

/**
 * @param {string} where
 * @param {readonly string[]} named
 * @param {readonly string[]} ours
 */
function gaps(where, named, ours) {
  return [
    ...ours.filter((code) => !named.includes(code)).map((code) => `${where}: lacks ${code}, which is our fault`),
    ...named.filter((code) => !ours.includes(code)).map((code) => `${where}: names ${code}, which is not our fault`),
  ];
}

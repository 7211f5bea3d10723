import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf, runTool } from './run-tool.mjs';

/** @typedef {import('../set-up/deploy-tools.mjs').DeployTools} DeployTools */
/** @typedef {{ name: string, values: string, json: any }} Manifest */

/** A line that charts log about a linked file. */
const CHATTER = /level=INFO msg="found symbolic link/;

/**
 * Lints the chart with each values file of its folder `ci`, and renders it.
 * @param {DeployTools} tools
 * @param {string} root
 * @returns {Promise<{ tool: string, manifests: Manifest[], findings: string[] }>}
 */
export async function renderChart({ programs, load }, root) {
  const { parseAllDocuments } = await load('yaml');
  const helm = programs.helm ?? '';
  const chart = join(root, 'deploy/kubernetes/styleflow');
  const run = (/** @type {string[]} */ ...args) => {
    const { ok, stdout, stderr } = runTool(helm, args);
    return { ok, stdout, said: linesOf(stderr).filter((line) => !CHATTER.test(line)) };
  };
  /** @type {string[]} */
  const findings = [];
  /** @type {Manifest[]} */
  const manifests = [];
  for (const values of readdirSync(join(chart, 'ci'))) {
    const file = join(chart, 'ci', values);
    const lint = run('lint', '--strict', chart, '--values', file);
    if (!lint.ok)
      findings.push(...[...linesOf(lint.stdout), ...lint.said].map((line) => `helm lint with ${values}: ${line}`));
    const rendered = run('template', 'ci', chart, '--namespace', 'video', '--values', file, '--kube-version', '1.31.0');
    if (!rendered.ok) findings.push(...rendered.said.map((line) => `helm template with ${values}: ${line}`));
    for (const document of rendered.ok ? parseAllDocuments(rendered.stdout) : []) {
      findings.push(...document.errors.map((/** @type {Error} */ error) => `${values}: ${error.message}`));
      const json = document.toJS();
      if (json !== null) manifests.push({ name: `${values}: ${json.kind}/${json.metadata?.name}`, values, json });
    }
  }
  const version = /Version:"([^"]+)"/.exec(run('version').stdout)?.[1];
  return { tool: `helm ${version}`, manifests, findings };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFloatingTag } from './image-tags.mjs';
import { podOf } from './read-chart.mjs';
import { renderChart } from './render-chart.mjs';
import { checkTypes } from './typed-documents.mjs';

/** @typedef {import('../set-up/deploy-tools.mjs').DeployTools} DeployTools */
/** @typedef {import('./render-chart.mjs').Manifest} Manifest */

/**
 * The chart: linted, rendered with every values file, each manifest against the schema of its kind and what we promise.
 * @param {DeployTools} tools
 * @param {string} root
 * @returns {Promise<import('./run-tool.mjs').Outcome & { manifests: Manifest[] }>}
 */
export async function checkChart(tools, root) {
  const { tool, manifests, findings } = await renderChart(tools, root);
  findings.push(...(await findWrongValues(tools, manifests)));
  findings.push(...checkTypes(tools, root, typedManifests(manifests)));
  findings.push(...manifests.flatMap(findBrokenPromises));
  for (const values of new Set(manifests.map((manifest) => manifest.values))) {
    findings.push(...findLooseEnds(manifests.filter((manifest) => manifest.values === values)));
  }
  const version = (/** @type {string} */ name) =>
    JSON.parse(readFileSync(join(tools.folder, 'node_modules', name, 'package.json'), 'utf8')).version;
  const schemas = ['kubernetes-models', '@kubernetes-models/keda', '@kubernetes-models/prometheus-operator'];
  const names = [tool, ...schemas.map((name) => `${name} ${version(name)}`), 'own rules'];
  return { tool: names.join(', '), checked: `${manifests.length} manifests`, findings, manifests };
}

/**
 * @param {string} apiVersion
 * @returns {string} the module that knows the kinds of that version
 */
function moduleOf(apiVersion) {
  if (apiVersion.startsWith('keda.sh/')) return `@kubernetes-models/keda/${apiVersion}`;
  if (apiVersion.startsWith('monitoring.coreos.com/')) return `@kubernetes-models/prometheus-operator/${apiVersion}`;
  return `kubernetes-models/${apiVersion}`;
}

/**
 * Values by the published schemas.
 * @param {Pick<DeployTools, 'load'>} tools
 * @param {readonly Manifest[]} manifests
 * @returns {Promise<string[]>}
 */
export async function findWrongValues(tools, manifests) {
  /** @type {string[]} */
  const findings = [];
  for (const { name, json } of manifests) {
    const models = await tools.load(moduleOf(json.apiVersion)).catch(() => ({}));
    const Model = models[json.kind];
    if (Model === undefined) {
      findings.push(`${name}: no schema knows ${json.apiVersion} ${json.kind}`);
      continue;
    }
    try {
      new Model(json).validate();
    } catch (error) {
      findings.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return findings;
}

/**
 * Manifests with their published types, for `checkTypes`: the schemas allow keys that they do not know.
 * @param {readonly Manifest[]} manifests
 */
export const typedManifests = (manifests) =>
  manifests.map(({ name, json }) => ({ name, module: moduleOf(json.apiVersion), type: `I${json.kind}`, json }));

/**
 * What we promise of every pod.
 * @param {Manifest} manifest
 * @returns {string[]}
 */
export function findBrokenPromises({ name, json }) {
  const pod = podOf(json);
  if (pod === null) return [];
  /** @type {string[]} */
  const findings = [];
  const claim = (/** @type {boolean} */ holds, /** @type {string} */ sentence) => {
    if (!holds) findings.push(`${name}: ${sentence}`);
  };
  const { spec } = pod;
  claim(spec.automountServiceAccountToken === false, 'a token of the Kubernetes API is mounted');
  claim(spec.enableServiceLinks === false, 'variables of services would be named like settings');
  claim(spec.securityContext?.runAsNonRoot === true, 'it may run as root');
  claim(spec.securityContext?.seccompProfile?.type === 'RuntimeDefault', 'no seccomp profile');
  for (const container of spec.containers) {
    const { securityContext, resources, image } = container;
    findings.push(...findFloatingTag(image).map((sentence) => `${name}: ${sentence}`));
    claim(securityContext?.readOnlyRootFilesystem === true, 'its root file system can be written');
    claim(securityContext?.allowPrivilegeEscalation === false, 'privileges can be gained');
    claim(securityContext?.capabilities?.drop?.includes('ALL'), 'it keeps capabilities');
    claim(Boolean(resources?.limits?.memory && resources?.requests?.cpu), 'no limit of memory or request of CPU');
    // What runs to its end answers nobody.
    if (['Pod', 'Job', 'CronJob'].includes(json.kind)) continue;
    claim(Boolean(container.startupProbe && container.livenessProbe && container.readinessProbe), 'a probe is missing');
    const grace = Number(
      container.env?.find((/** @type {any} */ { name }) => name === 'STYLEFLOW_SHUTDOWN_GRACE_SECONDS')?.value ?? 20,
    );
    claim(
      spec.terminationGracePeriodSeconds >= grace + 10,
      `it is killed before the ${grace} s that running work gets are over`,
    );
    if (container.name === 'gpu-worker') {
      claim(resources.limits['nvidia.com/gpu'] === 1, 'one card is not asked for');
      const terms =
        spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
      const isPinned = terms.some((/** @type {any} */ term) =>
        term.matchExpressions?.some((/** @type {any} */ { key }) => key === 'nvidia.com/gpu.product'),
      );
      claim(isPinned, 'it may land on any card');
    }
  }
  return findings;
}

/**
 * Names that lead nowhere, within one rendering.
 * @param {readonly Manifest[]} manifests
 * @returns {string[]}
 */
export function findLooseEnds(manifests) {
  const all = manifests.map(({ json }) => json);
  const has = (/** @type {string} */ kind, /** @type {string} */ wanted) =>
    all.some((json) => json.kind === kind && json.metadata.name === wanted);
  const pods = all.map(podOf).filter((pod) => pod !== null);
  const selects = (/** @type {Record<string, string>} */ labels) =>
    pods.some(({ metadata }) => Object.entries(labels).every(([key, value]) => metadata.labels[key] === value));
  /** @type {string[]} */
  const findings = [];
  for (const { name, json } of manifests) {
    const { spec, kind } = json;
    const target = spec?.scaleTargetRef?.name;
    if (target !== undefined && !has('Deployment', target))
      findings.push(`${name}: it scales ${target}, which is not there`);
    if (
      target !== undefined &&
      all.some(
        (other) => other.kind === 'Deployment' && other.metadata.name === target && other.spec.replicas !== undefined,
      )
    ) {
      findings.push(`${name}: ${target} has replicas of its own, which every upgrade would set again`);
    }
    const labels = kind === 'Service' ? spec.selector : (spec?.selector?.matchLabels ?? spec?.podSelector?.matchLabels);
    if (labels !== undefined && !selects(labels)) findings.push(`${name}: its selector finds no pod`);
    const account = podOf(json)?.spec.serviceAccountName;
    if (account !== undefined && !has('ServiceAccount', account))
      findings.push(`${name}: there is no account ${account}`);
    for (const { configMapRef } of podOf(json)?.spec.containers[0].envFrom ?? []) {
      if (!has('ConfigMap', configMapRef.name)) findings.push(`${name}: there is no ConfigMap ${configMapRef.name}`);
    }
  }
  return findings;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBrokenPromises, findWrongValues, typedManifests } from './check-chart.mjs';
import { checkTypes } from './typed-documents.mjs';

/** @typedef {import('../set-up/deploy-tools.mjs').DeployTools} DeployTools */

const FILE = 'deploy/kubernetes/training-job.yaml';

/**
 * The Job that trains, against the schema of its kind and what we promise of every pod.
 * @param {DeployTools} tools
 * @param {string} root
 * @returns {Promise<import('./run-tool.mjs').Outcome>}
 */
export async function checkTrainingJob(tools, root) {
  const { parseAllDocuments } = await tools.load('yaml');
  const documents = parseAllDocuments(readFileSync(join(root, FILE), 'utf8'));
  const manifests = documents.map((/** @type {any} */ document) => {
    const json = document.toJSON();
    return { name: `${FILE}: ${json.kind}/${json.metadata.name}`, values: FILE, json };
  });
  const findings = [
    ...(await findWrongValues(tools, manifests)),
    ...checkTypes(tools, root, typedManifests(manifests)),
    ...manifests.flatMap(findBrokenPromises),
  ];
  return { tool: 'kubernetes-models, own rules', checked: `${manifests.length} manifest`, findings };
}

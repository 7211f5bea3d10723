import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBrokenPromises, findWrongValues, typedManifests } from './check-chart.mjs';
import { checkTypes } from './typed-documents.mjs';

/** @typedef {import('../set-up/deploy-tools.mjs').DeployTools} DeployTools */

const FILES = ['deploy/kubernetes/training-job.yaml', 'deploy/kubernetes/golden-set.yaml'];

/**
 * What is applied by itself, as the Job that trains, against the schema of its kind and what we promise of every pod.
 * @param {DeployTools} tools
 * @param {string} root
 * @returns {Promise<import('./run-tool.mjs').Outcome>}
 */
export async function checkSingleManifests(tools, root) {
  const { parseAllDocuments } = await tools.load('yaml');
  const manifests = FILES.flatMap((file) =>
    parseAllDocuments(readFileSync(join(root, file), 'utf8')).map((/** @type {any} */ document) => {
      const json = document.toJSON();
      return { name: `${file}: ${json.kind}/${json.metadata.name}`, values: file, json };
    }),
  );
  const findings = [
    ...(await findWrongValues(tools, manifests)),
    ...checkTypes(tools, root, typedManifests(manifests)),
    ...manifests.flatMap(findBrokenPromises),
  ];
  return { tool: 'kubernetes-models, own rules', checked: `${manifests.length} manifests`, findings };
}

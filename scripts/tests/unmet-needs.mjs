/** Carries from `npm test` to vitest, its reporter and its workers what this machine cannot have, and why. */
const VARIABLE = 'STYLEFLOW_UNMET_TEST_NEEDS';

/** @typedef {import('./fetch-test-needs.mjs').UnmetNeeds} UnmetNeeds */

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {UnmetNeeds} none where vitest was started by other means
 */
export function readUnmetNeeds(env = process.env) {
  return JSON.parse(env[VARIABLE] ?? '{}');
}

/**
 * @param {UnmetNeeds} unmet
 * @returns {NodeJS.ProcessEnv}
 */
export function withUnmetNeeds(unmet) {
  return { ...process.env, [VARIABLE]: JSON.stringify(unmet) };
}

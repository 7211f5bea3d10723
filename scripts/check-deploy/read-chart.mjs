/** @typedef {import('./render-chart.mjs').Manifest} Manifest */

/**
 * @param {any} json a manifest
 * @returns {any} the pod that it is or makes, or null
 */
export function podOf(json) {
  if (json.kind === 'Pod') return json;
  const made = json.kind === 'CronJob' ? json.spec.jobTemplate.spec.template : json.spec?.template;
  return made?.spec?.containers ? made : null;
}

/** Values for Secrets that others make. */
const SAMPLES = {
  REDIS_PASSWORD: 'a-password',
  STYLEFLOW_SECRET_KEY: `first:${'A'.repeat(43)}=`,
  STYLEFLOW_API_KEYS: `ci:admin:sha256:${'0'.repeat(64)}`,
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=a-secret',
};

/**
 * What each container of ours is given, with ConfigMaps, Secrets and $(NAME) filled in as Kubernetes does.
 * @param {readonly Manifest[]} manifests
 * @returns {import('./check-settings.mjs').ProcessEnvironment[]}
 */
export function readChartEnvironments(manifests) {
  return manifests.flatMap(({ name, values, json }) => {
    const near = manifests.filter((other) => other.values === values).map((other) => other.json);
    const find = (/** @type {string} */ kind, /** @type {string} */ wanted) =>
      near.find((other) => other.kind === kind && other.metadata.name === wanted);
    const containers = podOf(json)?.spec.containers ?? [];
    return containers.flatMap((/** @type {any} */ container) => {
      const process = /\/(api|cpu-worker|gpu-worker):/.exec(container.image)?.[1];
      if (process === undefined || json.kind === 'Pod') return [];
      /** @type {Record<string, string>} */
      const env = {};
      for (const { configMapRef } of container.envFrom ?? [])
        Object.assign(env, find('ConfigMap', configMapRef.name)?.data);
      for (const { name: variable, value, valueFrom } of container.env ?? []) {
        const { name: secret, key } = valueFrom?.secretKeyRef ?? {};
        const given =
          value ??
          find('Secret', secret)?.stringData?.[key] ??
          SAMPLES[/** @type {keyof typeof SAMPLES} */ (variable)] ??
          'a-secret';
        env[variable] = given.replace(
          /\$\((\w+)\)/g,
          (/** @type {string} */ text, /** @type {string} */ other) => env[other] ?? text,
        );
      }
      return [{ process, where: name, env }];
    });
  });
}

/**
 * The queries by which KEDA scales.
 * @param {readonly Manifest[]} manifests
 * @returns {Array<{ where: string, expr: string }>}
 */
export function readScalingQueries(manifests) {
  return manifests
    .filter(({ json }) => json.kind === 'ScaledObject')
    .flatMap(({ name, json }) =>
      json.spec.triggers.map((/** @type {any} */ trigger) => ({
        where: `${name}: ${trigger.name}`,
        expr: trigger.metadata.query,
      })),
    );
}

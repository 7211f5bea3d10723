/**
 * Each process of the embedded system has an admin port of its own: they count up from STYLEFLOW_ADMIN_PORT, in the order API, CPU
 * worker, GPU worker.
 * @param first the setting as it was given
 */
export function adminPort(
  first: string | undefined,
  name: 'api' | 'cpu-worker' | 'gpu-worker',
): Record<string, string> {
  const port = Number(first || 0);
  const place = ['api', 'cpu-worker', 'gpu-worker'].indexOf(name);
  // A wrong value is left to the process, which says what is allowed.
  return Number.isInteger(port) && port > 0 ? { STYLEFLOW_ADMIN_PORT: String(port + place) } : {};
}

import { expect, it } from 'vitest';
import { adminPort } from './admin-port.js';

it('the admin ports of the embedded system count up from the one that is set', () => {
  const ports = (first: string | undefined) =>
    (['api', 'cpu-worker', 'gpu-worker'] as const).map((name) => adminPort(first, name).STYLEFLOW_ADMIN_PORT);
  expect(ports('9100')).toEqual(['9100', '9101', '9102']);
  // None, any free one, and what only the process itself can refuse by name.
  for (const first of [undefined, '', '0', 'many']) expect(ports(first)).toEqual([undefined, undefined, undefined]);
});

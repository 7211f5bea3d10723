import type { JobId } from '@styleflow/contracts';
import type { ApiPorts } from '../ports/api-ports.js';
import { signatureOf } from './sign-result.js';

/** Jobs that this process has looked at: some 100 bytes each. */
const KNOWN_MAX = 10_000;

/**
 * Signs a result in the background when it is first fetched: the sooner it is signed, the less can happen to it before. Whoever asks
 * for the signature itself is told what is wrong; here it goes to the log.
 */
export function earlySigning(ports: ApiPorts): (id: JobId) => void {
  const known = new Set<JobId>();
  return (id) => {
    if (ports.settings.signingKeys === null || known.has(id)) return;
    if (known.size >= KNOWN_MAX) known.clear();
    known.add(id);
    const sign = async (): Promise<void> => {
      const record = await ports.records.read(id);
      if (record !== null) await signatureOf(ports, record);
    };
    sign().catch((error: unknown) => ports.logger.warn({ err: error, job: id }, 'a result could not be signed'));
  };
}

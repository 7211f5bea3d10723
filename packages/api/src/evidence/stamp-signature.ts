import { readTimeStamp, timeStampRequest } from '@styleflow/evidence';
import { askServer } from '@styleflow/sources';
import type { ApiPorts } from '../ports/api-ports.js';

const TIMEOUT_MS = 10_000;
/** A stamp with its certificates has some 5 kB. */
const MOST_BYTES = 65_536;

/**
 * Has a server attest that a signature is there. Null where none is set, and when it does not answer rightly: the signature stands
 * without it, and the next who asks for it tries again.
 */
export async function stampSignature(
  { settings, logger }: Pick<ApiPorts, 'settings' | 'logger'>,
  jws: string,
): Promise<Buffer | null> {
  const { timeStampUrl, allowPrivateWebhooks: allowPrivate } = settings;
  if (timeStampUrl === null) return null;
  try {
    const { body, nonce } = timeStampRequest(jws);
    const headers = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' };
    const limits = { allowPrivate, timeoutMs: TIMEOUT_MS, maxAnswerBytes: MOST_BYTES };
    const answer = await askServer({ url: timeStampUrl, body, headers, ...limits });
    await readTimeStamp(answer, jws, nonce);
    return answer;
  } catch (error) {
    logger.warn({ err: error, server: new URL(timeStampUrl).host }, 'no time stamp: the signature stands without it');
    return null;
  }
}

import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { JobError, lackOf } from '@styleflow/contracts';

/** Looks a name up once; replaceable so that a test can answer for the world's name servers. */
export type ResolveName = (name: string) => Promise<readonly LookupAddress[]>;

export const resolveByDns: ResolveName = (name) => lookup(name, { all: true });

/** The name service has answered, and its answer is: no such name, or none with an address. */
const NO_SUCH_NAME: readonly string[] = ['ENOTFOUND', 'ENODATA', 'ENONAME'];

/**
 * Names that exist as long as the internet's names work. Any answer for one of them, a refusal too, shows that the service is there;
 * of different owners, so that the trouble of one is not taken for everybody's.
 */
const KNOWN_NAMES = ['a.root-servers.net', 'example.com', 'iana.org'];
/** A name service that is silent takes its own time to give up (5 s and more for each server that a machine knows). */
const KNOWN_NAMES_MS = 8_000;

/**
 * The addresses of a name.
 * @throws JobError `source_unreachable`: not retryable for a name that does not exist; with `away: names` when the service
 *   answers for no other name either; else retryable, since the trouble is this name's own.
 */
export async function lookUpName(
  name: string,
  { resolveName, allowPrivate }: { readonly resolveName: ResolveName; readonly allowPrivate: boolean },
): Promise<readonly LookupAddress[]> {
  try {
    return await resolveName(name);
  } catch (cause) {
    const { code = 'unknown' } = cause as { code?: string };
    if (NO_SUCH_NAME.includes(code)) throw hasNoAddress(name, { allowPrivate }, cause);
    const away = lackOf(cause);
    if (away !== undefined || (await isAnswering(resolveName))) {
      throw new JobError('source_unreachable', `The host ${name} could not be looked up (${code})`, {
        cause,
        ...(away && { away }),
      });
    }
    const message = `The host ${name} could not be looked up (${code}): the name service answers for no name`;
    throw new JobError('source_unreachable', message, { cause, away: 'names' });
  }
}

/** Of a name that does not exist and of one that leads inside: the same, unless inner names may be known. */
export function hasNoAddress(
  name: string,
  { allowPrivate }: { readonly allowPrivate: boolean },
  cause: unknown,
): JobError {
  const message = allowPrivate
    ? `The host ${name} does not exist`
    : `The host ${name} has no address on the public internet; STYLEFLOW_ALLOW_PRIVATE_SOURCES=true allows sources from private addresses`;
  return new JobError('source_unreachable', message, { cause, retryable: false });
}

async function isAnswering(resolveName: ResolveName): Promise<boolean> {
  const answers = KNOWN_NAMES.map(async (name) => {
    try {
      await resolveName(name);
    } catch (error) {
      if (!NO_SUCH_NAME.includes((error as { code?: string }).code ?? '')) throw error;
    }
    return true;
  });
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), KNOWN_NAMES_MS);
  });
  try {
    return await Promise.race([Promise.any(answers).catch(() => false), silence]);
  } finally {
    clearTimeout(timer);
  }
}

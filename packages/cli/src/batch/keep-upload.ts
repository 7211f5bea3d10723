import { JobError } from '@styleflow/contracts';
import { repeatCall } from './repeat-call.js';
import type { UploadPorts } from './upload-ports.js';

/** An upload that expires within this time is made anew: its batch has to be accepted until then. */
const MARGIN_MS = 120_000;
/** One that expires within this time is renewed. */
const RENEW_BELOW_MS = 12 * 3_600_000;

/**
 * Sees to it that an upload of the journal can be submitted for hours.
 * @returns false where it is gone, or not whole
 */
export async function keepUpload(
  path: string,
  { client, journal, signal }: Pick<UploadPorts, 'client' | 'journal' | 'signal'>,
): Promise<boolean> {
  const entry = journal.find(path);
  if (entry === undefined) return false;
  const leftMs = Date.parse(entry.expiresAt) - Date.now();
  if (leftMs > RENEW_BELOW_MS) return true;
  try {
    const { keptUntil, status } = await repeatCall(() => client.uploads.renew(entry.uploadId, { signal }), signal);
    if (status !== 'stored') return false;
    journal.add({ ...entry, expiresAt: keptUntil });
    return true;
  } catch (error) {
    // An API of the version before knows no such call: there it stays for as long as it was told.
    if (error instanceof JobError && error.code === 'not_found') return isOfBefore(error) && leftMs > MARGIN_MS;
    throw error;
  }
}

/** Whether the address is not known, and not the upload. */
function isOfBefore({ message }: JobError): boolean {
  return message.startsWith('There is nothing at ');
}

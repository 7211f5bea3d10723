import { access, constants, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { JobError, urlFileName } from '@styleflow/contracts';
import { printable } from '@styleflow/runtime/printable';

/** Help for the argument `<video...>`. */
export const VIDEO_ARGUMENT = 'files or http(s) URLs; ./-name for a file whose name begins with a dash';

export function isUrl(input: string): boolean {
  return /^https?:\/\//i.test(input);
}

/** The name under which a video is shown to people. */
export function videoName(input: string): string {
  if (!isUrl(input)) return printable(basename(input));
  if (!URL.canParse(input)) return printable(input);
  return printable(urlFileName(input)) || new URL(input).host;
}

/** @throws JobError `invalid_request` saying what is wrong with an argument that is neither a URL nor a readable file */
export async function checkVideo(input: string): Promise<void> {
  if (isUrl(input)) {
    if (!URL.canParse(input)) throw new JobError('invalid_request', `${printable(input)} is no valid URL`);
    return;
  }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(input)?.[1];
  if (scheme !== undefined) {
    throw new JobError(
      'invalid_request',
      `${printable(input)}: ${scheme} is not fetched; give a file or an http(s) URL`,
    );
  }
  const name = printable(input);
  const facts = await stat(input).catch(() => null);
  if (facts === null) throw new JobError('invalid_request', `there is no file ${name}`);
  if (facts.isDirectory()) throw new JobError('invalid_request', `${name} is a folder; name the videos in it`);
  if (facts.isFile() && facts.size === 0) throw new JobError('invalid_request', `${name} is empty`);
  await access(input, constants.R_OK).catch((cause: unknown) => {
    throw new JobError('invalid_request', `${name} may not be read by this user`, { cause });
  });
}

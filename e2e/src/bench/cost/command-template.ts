import { JobError } from '@styleflow/contracts';

const PLACE = '{video}';

/** The place, and quotes right around it: in quotes of the user's own the path's quotes would mean nothing. */
const PLACES = /'\{video\}'|"\{video\}"|\{video\}/g;

/**
 * A shell line with the video in each place `{video}`, as one word whatever its name holds.
 * @throws JobError `invalid_request` when it has no such place: what it would measure is another file.
 */
export function commandFor(template: string, video: string): string {
  if (!template.includes(PLACE))
    throw new JobError('invalid_request', `--command wants ${PLACE} where the path of the video goes`);
  // By a function: in a text of replacement, `$&` and its like would have a meaning.
  return template.replace(PLACES, () => shellWord(video));
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

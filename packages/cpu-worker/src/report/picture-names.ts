/**
 * Pictures by name, in the rendered page, until they are put in. A name counts only as the beginning of a quoted attribute: text from
 * outside cannot bring a quotation mark into the page, so nobody can ask for a picture in a file's name.
 */
export function clipName(track: number, clip: number): string {
  return `cid:clip-${track}-${clip}`;
}

export function frameName(frame: number): string {
  return `cid:frame-${frame}`;
}

/** Finds the names; the groups are what stands before, the kind, and the numbers. */
export const NAMED_PICTURE = /(style="--strip:url\(|src=")cid:(clip|frame)-(\d+)(?:-(\d+))?/g;

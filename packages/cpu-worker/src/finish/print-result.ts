import type { Result } from '@styleflow/contracts';
import { canonicalPieces } from '@styleflow/evidence';

/** How deep a clip lies: the result, its faces, a face, its clips. */
const CLIP_DEPTH = 4;

/** The result as canonical JSON (RFC 8785), clip by clip: a long video's result is never one string in memory. */
export function printResult(result: Result): Generator<string> {
  return canonicalPieces(result, CLIP_DEPTH);
}

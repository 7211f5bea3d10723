import type { Result } from '@styleflow/contracts';

/** The result as JSON text, face by face and clip by clip: a long video's result is never one string in memory. */
export function* printResult({ job, verdict, partial, faces, ...rest }: Result): Generator<string> {
  yield `${JSON.stringify({ job, verdict, partial }).slice(0, -1)},"faces":[`;
  for (const [index, { clips, ...face }] of faces.entries()) {
    yield `${index === 0 ? '' : ','}${JSON.stringify(face).slice(0, -1)},"clips":[`;
    for (const [place, clip] of clips.entries()) yield `${place === 0 ? '' : ','}${JSON.stringify(clip)}`;
    yield ']}';
  }
  yield `],${JSON.stringify(rest).slice(1)}\n`;
}

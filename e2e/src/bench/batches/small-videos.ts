import { readFile } from 'node:fs/promises';
import { type LoopbackServer, makeVideo, startHttpServer } from '@styleflow/testing';

/** What a source of the site is: one face and so one clip, a moving picture without a face, or bytes that are no video. */
export type SourceKind = 'face' | 'faceless' | 'no-video';

export interface SmallVideo {
  /** The same for two sources of the same bytes. */
  readonly name: string;
  readonly kind: SourceKind;
}

/** The fewest frames that make a clip. */
const FACE_FRAMES = 16;
/** Each frame is searched, and nothing is found in any: two show that as well as a thousand. */
const FACELESS_FRAMES = 2;
const FACES = 12;
const FACELESS = 24;
/** Of a hundred sources. Bytes that are no video are an input's fault: they fail at once and are never tried again. */
export const SHARES: Readonly<Record<SourceKind, number>> = { face: 10, faceless: 89, 'no-video': 1 };

export interface VideoSite extends LoopbackServer {
  /** The n-th source: its kind by the shares, its video in turn; every n has an address of its own. */
  source(n: number): SmallVideo & { readonly url: string };
  /** One of that kind, at an address of its own. */
  sourceOf(kind: SourceKind, n: number): SmallVideo & { readonly url: string };
}

/** A site with three dozen distinct small videos, made once by ffmpeg and served from memory. */
export async function startVideoSite(): Promise<VideoSite> {
  const files = new Map<string, Buffer>([['no-video', Buffer.from('This is no video.\n'.repeat(40))]]);
  for (let n = 0; n < FACES; n += 1) {
    files.set(
      `face-${n}`,
      await readFile(await makeVideo({ frames: FACE_FRAMES, startSeconds: n * 2, size: FACE_SIZE })),
    );
  }
  for (let n = 0; n < FACELESS; n += 1) {
    const recipe = { people: [], frames: FACELESS_FRAMES, fps: 15 + n, size: FACELESS_SIZE };
    files.set(`faceless-${n}`, await readFile(await makeVideo(recipe)));
  }
  const server = await startHttpServer((request, response) => {
    // /VIDEO/ANYTHING.mp4
    const bytes = files.get(request.url?.split('/')[1] ?? '');
    if (bytes === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': 'video/mp4', 'Content-Length': bytes.length }).end(bytes);
  });
  const sourceOf = (kind: SourceKind, n: number): SmallVideo & { url: string } => {
    const name = kind === 'no-video' ? kind : `${kind}-${n % (kind === 'face' ? FACES : FACELESS)}`;
    return { name, kind, url: `${server.url}/${name}/${n}.mp4` };
  };
  return { ...server, sourceOf, source: (n) => sourceOf(kindOf(n), n) };
}

const FACE_SIZE = { width: 200, height: 150 };
const FACELESS_SIZE = { width: 96, height: 72 };

/** Spread evenly: of each hundred in a row as many as their shares say. */
export function kindOf(n: number): SourceKind {
  // 37 and 100 have no common divisor, so a hundred in a row meet each place once.
  const place = (n * 37) % 100;
  if (place < SHARES.face) return 'face';
  return place < SHARES.face + SHARES.faceless ? 'faceless' : 'no-video';
}

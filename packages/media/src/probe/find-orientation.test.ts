import { readFile } from 'node:fs/promises';
import { makeVideo } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEDIA_LIMITS } from '../ffmpeg/media-limits.js';
import { ffmpegMakes, fileWith, readAll } from '../test-media.js';
import { probeVideo } from './probe-video.js';

const limits = DEFAULT_MEDIA_LIMITS;
const RED = ['-f', 'lavfi', '-i', 'color=red:size=96x64:rate=25:duration=0.4'];
/** A white corner at the upper left of the stored picture tells where that corner is shown. */
const CORNER = ['-vf', 'drawbox=x=0:y=0:w=32:h=32:color=white:t=fill'];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

/** Orientations as the stream writes them: mirrored left to right or not, then turned anticlockwise. */
const ALL = [0, 90, 180, 270].flatMap((degrees) => [false, true].map((isMirrored) => ({ degrees, isMirrored })));
const clockwise = (anticlockwise: number) => (360 - anticlockwise) % 360;

function marked(degrees: number, isMirrored: boolean): string {
  return `h264_metadata=display_orientation=insert:rotate=${degrees}${isMirrored ? ':flip=horizontal' : ''}`;
}

const turnedInside = (name: string, degrees: number, isMirrored = false) =>
  ffmpegMakes(name, ...RED, ...CORNER, ...H264, '-bsf:v', marked(degrees, isMirrored));

/** The message itself, in front of the first picture of an HEVC stream without a container. */
function withMessage(hevc: Buffer, degrees: number, isMirrored: boolean): Buffer {
  const bits = `0${isMirrored ? 1 : 0}0${((degrees / 360) * 65_536).toString(2).padStart(16, '0')}11000`;
  const payload = [0, 8, 16].map((at) => Number.parseInt(bits.slice(at, at + 8), 2));
  const message = Buffer.from([0, 0, 0, 1, 0x4e, 0x01, 47, payload.length, ...payload, 0x80]);
  // Units of the kinds 0 to 31 are pictures.
  for (let at = hevc.indexOf(START); at >= 0; at = hevc.indexOf(START, at + 3)) {
    const kind = ((hevc[at + 3] as number) >> 1) & 63;
    const from = hevc[at - 1] === 0 ? at - 1 : at;
    if (kind < 32) return Buffer.concat([hevc.subarray(0, from), message, hevc.subarray(from)]);
  }
  throw new Error('The stream has no picture.');
}
const START = Buffer.from([0, 0, 1]);

async function cornerIsWhite(path: string): Promise<boolean> {
  const { frames } = await readAll(path);
  return (frames[0]?.first ?? []).every((value) => value > 200);
}

describe('an orientation that the pictures tell themselves', () => {
  it.each(ALL)('is the one that is shown, in H.264: $degrees degrees, mirrored: $isMirrored', async (orientation) => {
    const { degrees, isMirrored } = orientation;
    const path = await turnedInside('inside.mp4', degrees, isMirrored);
    const info = await probeVideo(path, limits);
    const isSideways = degrees % 180 !== 0;
    expect(info).toMatchObject({ isMirrored, rotation: clockwise(degrees), width: isSideways ? 64 : 96 });
    // Of the eight, two show the stored corner at the upper left.
    const staysThere = (degrees === 0 && !isMirrored) || (degrees === 90 && isMirrored);
    expect(await cornerIsWhite(path)).toBe(staysThere);
  });

  it('is read in HEVC, too', async () => {
    const options = [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-x265-params',
      'log-level=none',
    ];
    const plain = await readFile(await ffmpegMakes('plain.hevc', ...RED, ...CORNER, ...options));
    for (const [degrees, isMirrored] of [
      [90, false],
      [270, true],
    ] as const) {
      const stream = await fileWith('inside.hevc', withMessage(plain, degrees, isMirrored));
      const path = await ffmpegMakes('inside.mp4', '-i', stream, '-c', 'copy', '-bsf:v', 'setts=ts=N/(25*TB)');
      expect(await probeVideo(path, limits)).toMatchObject({ codec: 'hevc', isMirrored, rotation: clockwise(degrees) });
    }
  });

  it('counts before the one that the container tells, and is not added to it', async () => {
    const inside = ['-c', 'copy', '-bsf:v', marked(90, false)];
    const both = await ffmpegMakes('both.mp4', '-i', await makeVideo({ frames: 5, rotation: 180 }), ...inside);
    expect(await probeVideo(both, limits)).toMatchObject({ rotation: 270, width: 300 });
    const same = await ffmpegMakes('same.mp4', '-i', await makeVideo({ frames: 5, rotation: 270 }), ...inside);
    expect(await probeVideo(same, limits)).toMatchObject({ rotation: 270, width: 300 });
  });

  it('leaves the one of the container where it says nothing', async () => {
    const container = await makeVideo({ frames: 5, rotation: 90 });
    const plain = await ffmpegMakes('plain.mp4', '-i', container, '-c', 'copy', '-bsf:v', marked(0, false));
    expect(await probeVideo(plain, limits)).toMatchObject({ rotation: 90, width: 300 });
  });

  it('is found where sound comes first, and where the beginning was cut away', async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=3'];
    const late = await ffmpegMakes(
      'late.mp4',
      ...[...sound, '-itsoffset', '1', '-i', await turnedInside('inside.mp4', 90)],
      ...['-map', '0:a', '-map', '1:v', '-c:v', 'copy', '-c:a', 'aac', '-fps_mode', 'passthrough'],
    );
    expect(await probeVideo(late, limits)).toMatchObject({ rotation: 270, hasAudio: true });
    const pattern = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=4', ...H264, '-g', '250'];
    const before = await readFile(await ffmpegMakes('before.ts', ...pattern));
    const cut = before.subarray(Math.ceil((before.length * 0.1) / 188) * 188);
    const turned = await readFile(await turnedInside('inside.ts', 180));
    const joined = await fileWith('cut.ts', Buffer.concat([cut, turned]));
    expect(await probeVideo(joined, limits)).toMatchObject({ rotation: 180 });
  });
});

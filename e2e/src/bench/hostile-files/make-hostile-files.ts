import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import { makeVideo } from '@styleflow/testing';
import { box, findBox, renamed, u32, withBytes, withNumber } from './mp4-boxes.js';

const run = promisify(execFile);

export interface HostileFile {
  readonly path: string;
  readonly what: string;
  /** What may become of it: `prepared`, or an error's code. */
  readonly allowed: readonly string[];
}

/** Of what is a video and yet broken, either answer is right; what is none must be refused as such. */
const BROKEN = [
  'prepared',
  'media_corrupt',
  'media_no_video',
  'unsupported_media',
  'media_too_large',
  'media_too_long',
];
const NONE = ['unsupported_media'];
const HUGE = 0xffff_ffff;

/** Files that attack a decoder: lengths that lie, bombs, playlists in disguise, names that mean something. */
export async function makeHostileFiles(folder: string): Promise<HostileFile[]> {
  const files: HostileFile[] = [];
  const add = async (name: string, what: string, bytes: string | Uint8Array, allowed = BROKEN): Promise<void> => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    files.push({ path, what, allowed });
  };
  const film = await readFile(await makeVideo({ frames: 20 }));
  const [mkv, ts, avi, webm] = (await Promise.all(
    (['mkv', 'ts', 'avi', 'webm'] as const).map(async (container) =>
      readFile(await makeVideo({ frames: 20, container })),
    ),
  )) as [Buffer, Buffer, Buffer, Buffer];

  for (const bytes of [1, 8, 15, 16, 100])
    await add(`cut-${bytes}.mp4`, `the first ${bytes} bytes`, film.subarray(0, bytes));
  for (const [name, file] of Object.entries({ mp4: film, mkv, ts, avi, webm })) {
    await add(`half.${name}`, 'the first half', file.subarray(0, file.length >> 1));
    await add(
      `noise.${name}`,
      'noise in the second half',
      Buffer.concat([file.subarray(0, file.length >> 1), randomBytes(file.length >> 1)]),
    );
  }

  const numbers: readonly (readonly [kind: string, offset: number, value: number, what: string])[] = [
    ['moov', 0, HUGE, 'the index is 4 GB long'],
    ['moov', 0, 0, 'the index ends nowhere'],
    ['trak', 0, 7, 'a box shorter than its head'],
    ['mvhd', 20, 0, 'no time scale of the film'],
    ['mdhd', 20, 0, 'no time scale of the track'],
    ['mdhd', 24, HUGE, 'a track of centuries'],
    ['stsz', 16, HUGE, '4 billion sizes of pictures'],
    ['stsz', 12, HUGE, 'each picture 4 GB'],
    ['stts', 12, HUGE, '4 billion times'],
    ['stts', 16, HUGE, 'one time, 4 billion times'],
    ['stsc', 12, HUGE, '4 billion chunks'],
    ['stsc', 20, 0, 'chunks without pictures'],
    ['stco', 12, HUGE, '4 billion places'],
    ['stco', 16, HUGE, 'a place beyond the end'],
    ['stsd', 12, 0, 'no description of pictures'],
    ['stsd', 12, HUGE, '4 billion descriptions'],
    ['stsd', 16, HUGE, 'a description of 4 GB'],
    ['tkhd', 84, HUGE, 'shown 65535 pixels wide'],
  ];
  for (const [index, [kind, offset, value, what]] of numbers.entries()) {
    await add(`number-${index}-${kind}.mp4`, what, withNumber(film, kind, offset, value));
  }
  await add(
    'sound-only.mp4',
    'the picture track says that it is sound',
    withBytes(film, 'hdlr', 16, Buffer.from('soun')),
  );
  await add('no-index.mp4', 'the index has another name', renamed(film, 'moov', 'junk'));
  await add('outside.mp4', 'its pictures lie in /etc/passwd', withBytes(film, 'dref', 16, box('url ', u32(0))));
  let nested = Buffer.alloc(0);
  for (let depth = 0; depth < 2_000; depth += 1) nested = box('moov', nested) as Buffer<ArrayBuffer>;
  await add(
    'nested.mp4',
    '2,000 boxes in each other',
    Buffer.concat([film.subarray(0, findBox(film, 'ftyp') + film.readUInt32BE(0)), nested]),
  );
  const bomb = deflateSync(Buffer.alloc(200_000_000));
  const packed = box('moov', box('cmov', box('dcom', Buffer.from('zlib')), box('cmvd', u32(HUGE), bomb)));
  await add(
    'packed-index.mov',
    'a packed index that unpacks to 200 MB and claims 4 GB',
    Buffer.concat([box('ftyp', Buffer.from('qt  \0\0\0\0qt  ')), packed]),
  );

  await add(
    'id-lengths.mkv',
    'elements without lengths in each other',
    Buffer.concat([
      mkv.subarray(0, 60),
      Buffer.alloc(80_000, Buffer.from([0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
    ]),
  );
  await add(
    'codec-data.mkv',
    'codec data that lies',
    withPattern(mkv, Buffer.from([0x63, 0xa2]), Buffer.from([0x63, 0xa2, 0x08, 0xff, 0xff, 0xff])),
  );
  await add(
    'list.avi',
    'lists in each other',
    Buffer.concat([avi.subarray(0, 12), Buffer.alloc(120_000, Buffer.from('LIST\xff\xff\xff\x7fhdrl', 'latin1'))]),
  );
  await add('programs.ts', 'noise in packets with a sync byte', noisePackets(4_000));
  await add(
    'empty-packets.ts',
    'nothing but empty packets',
    Buffer.alloc(188 * 20_000, Buffer.concat([Buffer.from([0x47, 0x1f, 0xff, 0x10]), Buffer.alloc(184)])),
  );
  await add(
    'huge.gif',
    'a GIF of 65535 × 65535',
    Buffer.concat([
      Buffer.from('GIF89a'),
      Buffer.alloc(4, 0xff),
      Buffer.from([0, 0, 0, 0x2c, 0, 0, 0, 0]),
      Buffer.alloc(4, 0xff),
      Buffer.from([0, 2, 0, 0x3b]),
    ]),
  );
  await add(
    'huge.ivf',
    'IVF of 65535 × 65535, noise in it',
    Buffer.concat([Buffer.from('DKIF\0\0\x20\0VP80'), Buffer.alloc(4, 0xff), Buffer.alloc(16, 1), randomBytes(5_000)]),
  );

  for (const [index, text] of PLAYLISTS.entries()) {
    await add(`playlist-${index}.mp4`, `a text: ${text.slice(0, 30).trim()}`, text.padEnd(400, '\n'), NONE);
  }
  await add(
    'archive.mp4',
    'a ZIP archive with the film',
    Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0\0\0'), film]),
    NONE,
  );
  await add(
    'picture.mp4',
    'PNG',
    Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(1_000)]),
    NONE,
  );

  for (const name of [
    '-i.mp4',
    'frame%03d.mp4',
    'concat:a|b.mp4',
    'http:x.mp4',
    'a\nb.mp4',
    "'; touch x;'.mp4",
    'é ☃.mp4',
    ',,end,5,,:.mp4',
  ]) {
    await add(name, 'a good film with this name', film, ['prepared']);
  }

  const made = async (name: string, what: string, allowed: readonly string[], ...args: string[]): Promise<void> => {
    const path = join(folder, name);
    await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, `file:${path}`]);
    files.push({ path, what, allowed });
  };
  const pattern = (size: string, seconds: number, rate = 25): string[] => [
    '-f',
    'lavfi',
    '-i',
    `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`,
  ];
  const still = (rate: string, seconds: number): string[] => [
    '-f',
    'lavfi',
    '-i',
    `color=size=64x64:rate=${rate}:duration=${seconds}`,
  ];
  const fast = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  await made('at-the-limit.mp4', 'as many pixels as are allowed', ['prepared'], ...pattern('4096x2304', 0.2), ...fast);
  await made('above-the-limit.mp4', 'a few more', ['media_too_large'], ...pattern('4112x2304', 0.2), ...fast);
  await made('five-hours.mp4', 'five hours, a picture a second', ['media_too_long'], ...still('1', 18_000), ...fast);
  await made(
    'three-in-five-hours.mp4',
    'five hours in three pictures',
    ['prepared'],
    ...still('1/6000', 18_000),
    ...fast,
  );
  await made('rate.mkv', '1,000 pictures a second', ['prepared'], ...pattern('64x64', 0.2, 1_000), ...fast);
  await made(
    'streams.mkv',
    '40 video streams',
    ['prepared'],
    ...pattern('64x64', 0.4),
    ...new Array(40).fill(['-map', '0:v']).flat(),
    ...fast,
  );
  const sizes = ['64x64', '1920x1080', '16x1080', '1920x16'];
  const parts = await Promise.all(
    sizes.map(async (size, index) => {
      await made(`part-${index}.ts`, `${size} alone`, ['prepared'], ...pattern(size, 0.4), ...fast);
      return readFile(join(folder, `part-${index}.ts`));
    }),
  );
  await add('shapes.ts', 'another size every ten pictures', Buffer.concat([...parts, ...parts, ...parts]), [
    'prepared',
  ]);
  return files;
}

/** Scripts and lists that a player would follow to other files, or to the network. */
const PLAYLISTS: readonly string[] = [
  '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n',
  '\ufeff#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/\n#EXT-X-ENDLIST\n',
  '  \n#EXTM3U\r\n#EXT-X-MEDIA-SEQUENCE:0\r\n/etc/passwd\r\n',
  'ffconcat version 1.0\nfile /etc/passwd\n',
  '# ffconcat version 1.0\nfile /etc/passwd\n',
  'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n',
  '<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1:9/</BaseURL></MPD>\n',
  '<smil><body><video src="rtsp://127.0.0.1:9/x"/></body></smil>\n',
  'rtsp://127.0.0.1:9/stream\n',
  '[playlist]\nFile1=http://127.0.0.1:9/x\nNumberOfEntries=1\n',
  '<asx version="3.0"><entry><ref href="http://127.0.0.1:9/x"/></entry></asx>\n',
  ';FFMETADATA1\ntitle=x\n',
  'movie=/etc/passwd\n',
  'Version\nLoadPlugin("/etc/passwd")\n',
  '1\n00:00:00,000 --> 00:00:01,000\nx\n',
  '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>\n',
  '%PDF-1.7\n1 0 obj\n',
  '#!/bin/sh\ntouch /tmp/hostile\n',
];

function noisePackets(count: number): Buffer {
  const packets = randomBytes(188 * count);
  for (let at = 0; at < packets.length; at += 188) packets.writeUInt32BE(0x47400010 | (at & 0xff), at);
  return packets;
}

function withPattern(file: Buffer, find: Buffer, put: Buffer): Buffer {
  const at = file.indexOf(find);
  if (at === -1) return file;
  const copy = Buffer.from(file);
  copy.set(put, at);
  return copy;
}

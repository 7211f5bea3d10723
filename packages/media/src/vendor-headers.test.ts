import { readFile } from 'node:fs/promises';
import { makeVideo } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEDIA_LIMITS } from './ffmpeg/media-limits.js';
import { listPictures } from './probe/list-pictures.js';
import { probeVideo } from './probe/probe-video.js';
import { fileWith, readAll } from './test-media.js';

const limits = DEFAULT_MEDIA_LIMITS;
const HEADER = Buffer.concat([Buffer.from('IMKH\x01\x02\0\x04', 'latin1'), Buffer.alloc(40, 0x80), Buffer.alloc(1000)]);

/** The film with its index as a recorder writes it that counts places from the beginning of its own header. */
function shiftPlaces(film: Buffer, by: number): Buffer {
  const shifted = Buffer.from(film);
  for (let box = shifted.indexOf('stco'); box >= 0; box = shifted.indexOf('stco', box + 4)) {
    // The name is followed by a version, the number of places, and the places.
    for (let n = 0, at = box + 12; n < shifted.readUInt32BE(box + 8); n++, at += 4)
      shifted.writeUInt32BE(shifted.readUInt32BE(at) + by, at);
  }
  return shifted;
}

describe("a vendor's header in front of the container", () => {
  it.each(['mp4', 'mkv', 'ts', 'avi', 'mov', 'webm'] as const)('is passed over before a .%s', async (container) => {
    const film = await readFile(await makeVideo({ frames: 10, container }));
    const { info, frames } = await readAll(await fileWith('recorded', Buffer.concat([HEADER, film])));
    expect(info.skipBytes).toBeGreaterThanOrEqual(HEADER.length - 188);
    expect(info.countsHeader).toBe(false);
    expect(frames).toHaveLength(10);
  });

  it.each(['mp4', 'mov'] as const)('may be counted in by the places in the index of a .%s', async (container) => {
    const film = await readFile(await makeVideo({ frames: 10, container, audio: true }));
    for (const header of [HEADER, Buffer.concat([HEADER, Buffer.alloc(60_000, 0x81)])]) {
      const recorded = await fileWith('recorded', Buffer.concat([header, shiftPlaces(film, header.length)]));
      const { info, frames, stats } = await readAll(recorded);
      expect(info).toMatchObject({ skipBytes: header.length, countsHeader: true, hasAudio: true });
      expect([frames.length, stats.damaged]).toEqual([10, 0]);
      const spread = await listPictures(recorded, info);
      expect(spread?.count).toBe(10);
    }
  });

  it('is no reason to take archives, pictures, pages or playlists for videos, nor to search on and on', async () => {
    const film = await readFile(await makeVideo({ frames: 10 }));
    const zip = Buffer.from('PK\x03\x04\x14\0\0\0', 'latin1');
    const photo = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]);
    const page = Buffer.from('<html><body>not here</body></html>'.padEnd(300));
    for (const head of [zip, photo, page, Buffer.from('#EXTM3U\n'.padEnd(300)), Buffer.alloc(70_000, 0x80)]) {
      const path = await fileWith('odd.mp4', Buffer.concat([head, film]));
      await expect(probeVideo(path, limits)).rejects.toMatchObject({ code: 'unsupported_media' });
    }
  });
});

import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { makeVideo } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEDIA_LIMITS } from '../ffmpeg/media-limits.js';
import { ffmpegMakes, fileWith, freshFolder } from '../test-media.js';
import { probeVideo } from './probe-video.js';

const codeOf = (path: string, limits = DEFAULT_MEDIA_LIMITS) =>
  probeVideo(path, limits).then(
    () => 'accepted',
    (error: unknown) => (error instanceof JobError ? error.code : error),
  );

describe('probeVideo', () => {
  it('tells the facts of an ordinary video', async () => {
    const path = await makeVideo({ frames: 50, audio: true });
    expect(await probeVideo(path, DEFAULT_MEDIA_LIMITS)).toMatchObject({
      container: 'mov',
      codec: 'h264',
      width: 400,
      height: 300,
      rotation: 0,
      fps: 25,
      durationSeconds: 2,
      framesEstimated: 50,
      hasAudio: true,
    });
  });

  it('shows the size of the upright picture in square pixels', async () => {
    const turned = await probeVideo(await makeVideo({ frames: 5, rotation: 90 }), DEFAULT_MEDIA_LIMITS);
    expect(turned).toMatchObject({ width: 300, height: 400, storedWidth: 400, storedHeight: 300, rotation: 90 });
    const source = await makeVideo({ frames: 5 });
    const squeezed = await ffmpegMakes('sar.mp4', '-i', source, '-vf', 'scale=100:300,setsar=4');
    expect(await probeVideo(squeezed, DEFAULT_MEDIA_LIMITS)).toMatchObject({
      width: 400,
      height: 300,
      storedWidth: 100,
    });
  });

  it('takes pixels that are nearly square for square', async () => {
    const nearly = await ffmpegMakes(
      'nearly.mp4',
      ...['-f', 'lavfi', '-i', 'testsrc2=size=320x240:duration=0.2'],
      '-vf',
      'setsar=225/224',
    );
    expect(await probeVideo(nearly, DEFAULT_MEDIA_LIMITS)).toMatchObject({ width: 320, height: 240 });
  });

  it('knows a container by its content, whatever the name says', async () => {
    const path = join(await freshFolder(), 'film.mp4');
    await copyFile(await makeVideo({ frames: 5, container: 'webm' }), path);
    expect(await probeVideo(path, DEFAULT_MEDIA_LIMITS)).toMatchObject({ container: 'matroska', codec: 'vp8' });
  });

  it('passes over a cover picture', async () => {
    const source = await makeVideo({ frames: 5 });
    const cover = await ffmpegMakes('cover.png', '-i', source, '-frames:v', '1', '-vf', 'scale=64:64');
    const maps = ['-map', '1', '-map', '0', '-c', 'copy', '-disposition:v:0', 'attached_pic'];
    const path = await ffmpegMakes('covered.mp4', '-i', source, '-i', cover, ...maps);
    expect(await probeVideo(path, DEFAULT_MEDIA_LIMITS)).toMatchObject({ width: 400, codec: 'h264' });
  });

  it('gives null for what a header does not tell', async () => {
    const source = await makeVideo({ frames: 5, container: 'webm' });
    const path = join(await freshFolder(), 'live.webm');
    await ffmpegMakes('unused.webm', '-i', source, '-c', 'copy', '-f', 'webm', '-live', '1', path, '-c', 'copy');
    expect(await probeVideo(path, DEFAULT_MEDIA_LIMITS)).toMatchObject({
      durationSeconds: null,
      framesEstimated: null,
    });
  });

  it('refuses what is no video', async () => {
    expect(await codeOf(await fileWith('empty.mp4', ''))).toBe('unsupported_media');
    expect(await codeOf(await fileWith('text.mp4', 'just some words\n'.repeat(50)))).toBe('unsupported_media');
    expect(await codeOf(await fileWith('list.mp4', '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'))).toBe(
      'unsupported_media',
    );
    expect(
      await codeOf(
        await fileWith(
          'noise.mp4',
          Uint8Array.from({ length: 9000 }, (_, i) => (i * i * 31) % 251),
        ),
      ),
    ).toBe('unsupported_media');
    const photo = await ffmpegMakes('photo.jpg', '-i', await makeVideo({ frames: 5 }), '-frames:v', '1');
    expect(await codeOf(photo)).toBe('unsupported_media');
  });

  it('refuses a file without a video stream', async () => {
    const sound = await ffmpegMakes('sound.mp4', '-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac');
    expect(await codeOf(sound)).toBe('media_no_video');
  });

  it('refuses a file whose index was cut off', async () => {
    const whole = await readFile(await makeVideo({ frames: 50 }));
    expect(await codeOf(await fileWith('cut.mp4', whole.subarray(0, whole.length * 0.6)))).toBe('media_corrupt');
    expect(
      await codeOf(await fileWith('stub.mkv', Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3, ...new Array(60).fill(7)]))),
    ).toBe('media_corrupt');
  });

  it('refuses too many pixels, upright or not, from the header', async () => {
    const path = await makeVideo({ frames: 5 });
    const limits = (maxLongSide: number, maxShortSide: number) => ({
      ...DEFAULT_MEDIA_LIMITS,
      maxLongSide,
      maxShortSide,
    });
    expect(await codeOf(path, limits(400, 300))).toBe('accepted');
    expect(await codeOf(path, limits(399, 399))).toBe('media_too_large');
    expect(await codeOf(path, limits(4000, 299))).toBe('media_too_large');
    const turned = await makeVideo({ frames: 5, rotation: 90 });
    expect(await codeOf(turned, limits(400, 300))).toBe('accepted');
    const giant = await ffmpegMakes(
      'giant.mp4',
      '-f',
      'lavfi',
      '-i',
      'color=black:s=8192x8192:r=1:d=1',
      '-preset',
      'ultrafast',
    );
    expect(await codeOf(giant)).toBe('media_too_large');
  });

  it('refuses a video that is too long, by its packets and not by its header alone', async () => {
    const path = await makeVideo({ frames: 100 });
    expect(await codeOf(path, { ...DEFAULT_MEDIA_LIMITS, maxDurationSeconds: 3.9 })).toBe('media_too_long');
    expect(await codeOf(path, { ...DEFAULT_MEDIA_LIMITS, maxDurationSeconds: 4 })).toBe('accepted');
    // An MKV header that claims a day (the duration is the float after its id 0x4489).
    const film = await readFile(await makeVideo({ frames: 50, container: 'mkv' }));
    const at = film.indexOf(Uint8Array.from([0x44, 0x89, 0x88]));
    film.writeDoubleBE(86_400_000, at + 3);
    const lying = await probeVideo(await fileWith('lying.mkv', film), DEFAULT_MEDIA_LIMITS);
    expect(lying.durationSeconds).toBeCloseTo(1.96, 2);
  });

  it('takes hostile names as names', async () => {
    const source = await makeVideo({ frames: 5 });
    const folder = await freshFolder();
    const names = [
      '-i',
      '-y.mp4',
      '%03d.mp4',
      'concat:a|b.mp4',
      'a "b" $(id) c.mp4',
      'line\nbreak.mp4',
      'http:x',
      '🎬‮.mp4',
    ];
    for (const name of names) {
      await copyFile(source, join(folder, name));
      expect([name, await codeOf(join(folder, name))]).toEqual([name, 'accepted']);
    }
  });

  it('stops on abort', async () => {
    const reason = new JobError('canceled', 'enough');
    await expect(probeVideo(await makeVideo(), DEFAULT_MEDIA_LIMITS, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

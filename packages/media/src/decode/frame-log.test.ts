import { describe, expect, it } from 'vitest';
import { FrameLog } from './frame-log.js';

const SHOWINFO = '[Parsed_showinfo_2 @ 0x55]';
const BASE = `${SHOWINFO} config in time_base: 1/12800, frame_rate: 25/1`;
const frame = (n: number, pts: string, format = 'yuv420p') =>
  `${SHOWINFO} n:   ${n} pts: ${pts} pts_time:3.24    pos:  64141 fmt:${format} sar:0/1 s:640x360 i:P iskey:${n === 1 ? 1 : 0} type:P `;
const colours = (range: string, space: string) =>
  `${SHOWINFO} color_range:${range} color_space:${space} color_primaries:unknown color_trc:unknown`;

function logged(...lines: string[]) {
  const log = new FrameLog();
  log.readLine(BASE);
  for (const line of lines) log.readLine(line);
  const frames = [];
  for (let next = log.shift(); next; next = log.shift()) frames.push(next);
  return frames;
}

describe('FrameLog', () => {
  it('takes whole-number time stamps with the announced time base, in order', () => {
    const tv = colours('tv', 'bt709');
    expect(logged(frame(0, '41472'), tv, frame(1, 'NOPTS'), tv).map(({ timeStamp }) => timeStamp)).toEqual([
      3.24,
      null,
    ]);
  });

  it('knows a frame once its colours are told: matrix and range', () => {
    const log = new FrameLog();
    expect(log.readLine(BASE)).toBe(false);
    expect(log.readLine(frame(0, '0'))).toBe(true);
    expect([log.read, log.available]).toEqual([1, 0]);
    expect(log.readLine(colours('tv', 'bt709'))).toBe(true);
    expect(log.shift()?.picture).toEqual({
      ...{ format: 'yuv420p', width: 640, height: 360, pixelShape: 1 },
      colours: { matrix: 'bt709', isFullRange: false },
    });
    expect(log.shift()).toBeUndefined();
  });

  it('takes a picture that does not say its colours as of BT.601, and an old format as of full range', () => {
    const of = (format: string, range: string, space: string) =>
      logged(frame(0, '0', format), colours(range, space))[0]?.picture?.colours;
    expect(of('yuv420p', 'unknown', 'unknown')).toEqual({ matrix: 'bt601', isFullRange: false });
    expect(of('yuv420p', 'pc', 'smpte170m')).toEqual({ matrix: 'bt601', isFullRange: true });
    expect(of('yuvj420p', 'unknown', 'bt470bg')).toEqual({ matrix: 'bt601', isFullRange: true });
  });

  it('knows no colours where format and range differ, or of a matrix that is rare', () => {
    for (const [format, range, space] of [
      ['yuvj420p', 'tv', 'bt709'],
      ['yuv420p', 'tv', 'bt2020nc'],
      ['yuv420p', 'tv', 'constructor'],
    ] as const)
      expect(logged(frame(0, '0', format), colours(range, space))[0]?.picture?.colours).toBeNull();
  });

  it('waits for no colours when the next frame has begun, or nothing more comes', () => {
    expect(
      logged(frame(0, '0'), frame(1, '512'), colours('tv', 'bt709')).map(({ picture }) => picture?.format),
    ).toEqual([undefined, 'yuv420p']);
    const log = new FrameLog();
    log.readLine(frame(0, '0'));
    log.end();
    expect(log.shift()?.picture).toBeNull();
  });

  it('reads colours although other messages are written in between and right behind', () => {
    const picture = (...lines: string[]) => logged(frame(0, '0'), ...lines)[0]?.picture?.colours;
    const parted = `${SHOWINFO} color_range:pccabac decode of qscale diff failed at 33 19`;
    expect(picture(parted, `${SHOWINFO}  color_space:bt709mmco: unref short failure`)).toEqual({
      ...{ matrix: 'bt709', isFullRange: true },
    });
    expect(picture(`${SHOWINFO} color_range:unknown color_space:unknownconcealing 30 DC, 30 AC`)).toEqual({
      ...{ matrix: 'bt601', isFullRange: false },
    });
  });

  it('tells the number of the first key frame', () => {
    const log = new FrameLog();
    log.readLine(frame(0, '0'));
    expect(log.firstKey).toBeNull();
    log.readLine(frame(1, '512'));
    expect(log.firstKey).toBe(1);
  });

  it('is not fooled by a title of the file', () => {
    const log = new FrameLog();
    log.readLine(`    title           : ${frame(0, '7')}`);
    log.readLine(`    title           : ${colours('tv', 'bt709')}`);
    log.end();
    expect(log.available).toBe(0);
  });
});

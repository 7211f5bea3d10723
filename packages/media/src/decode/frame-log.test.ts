import { describe, expect, it } from 'vitest';
import { TimeStamps } from './time-stamps.js';

describe('TimeStamps', () => {
  it('takes whole-number time stamps with the announced time base, in order', () => {
    const stamps = new TimeStamps();
    expect(stamps.readLine('[Parsed_showinfo_2 @ 0x55] config in time_base: 1/12800, frame_rate: 25/1')).toBe(false);
    expect(
      stamps.readLine('[Parsed_showinfo_2 @ 0x55] n:   0 pts:  41472 pts_time:3.24    pos:  64141 fmt:rgb24'),
    ).toBe(true);
    expect(stamps.readLine('[Parsed_showinfo_2 @ 0x55] n:   1 pts: NOPTS pts_time:NOPTS    pos: 1 fmt:rgb24')).toBe(
      true,
    );
    expect(stamps.readLine('[Parsed_showinfo_2 @ 0x55] color_range:pc color_space:gbr')).toBe(false);
    expect(stamps.available).toBe(2);
    expect([stamps.shift(), stamps.shift(), stamps.shift()]).toEqual([3.24, null, undefined]);
  });

  it('is not fooled by a title of the file', () => {
    const stamps = new TimeStamps();
    stamps.readLine('[Parsed_showinfo_0 @ 0x1] config in time_base: 1/1, frame_rate: 25/1');
    stamps.readLine('    title           : [Parsed_showinfo_0 @ 0x1] n:   0 pts:  7 pts_time:7 pos: 1');
    expect(stamps.available).toBe(0);
  });
});

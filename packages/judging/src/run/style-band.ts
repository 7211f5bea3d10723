import { STYLE_GROUPS, type StyleBand, type StyleGroupName } from '@styleflow/contracts';
import type { JudgedVideo } from './analyse-run.js';

/** With fewer real videos one of them alone would be a bound. */
export const BAND_VIDEOS_MIN = 20;
const SHARES = [0.05, 0.5, 0.95] as const;
/** As many digits as two providers agree in. */
const DIGITS = 4;

/**
 * Where the style flow of a run's real videos lay, by groups of layers. A video counts once, however many of its clips were looked
 * at: clips of one video are alike.
 * @returns null where fewer than `BAND_VIDEOS_MIN` real videos tell their style flow
 */
export function styleBandOf(counted: readonly Pick<JudgedVideo, 'video' | 'outcome'>[]): StyleBand | null {
  const told = counted.flatMap(({ video, outcome }) => {
    const clips = outcome.styleMeans ?? [];
    return video.isFake || clips.length === 0 ? [] : [clips];
  });
  if (told.length < BAND_VIDEOS_MIN) return null;
  const groups: Partial<Record<StyleGroupName, [number, number, number]>> = {};
  for (const { name } of STYLE_GROUPS) {
    const values = told.flatMap((clips) =>
      clips.flatMap(({ [name]: mean }) => (mean === null ? [] : [{ value: mean, weight: 1 / clips.length }])),
    );
    if (values.length === 0) return null;
    groups[name] = percentiles(values);
  }
  const clips = told.reduce((sum, { length }) => sum + length, 0);
  return { groups: groups as StyleBand['groups'], videos: told.length, clips };
}

interface Weighted {
  readonly value: number;
  readonly weight: number;
}

/** The least values that such shares of the weight do not exceed. */
function percentiles(values: readonly Weighted[]): [number, number, number] {
  const rising = [...values].sort((a, b) => a.value - b.value);
  const whole = rising.reduce((sum, { weight }) => sum + weight, 0);
  return SHARES.map((share) => {
    let below = 0;
    for (const { value, weight } of rising) {
      below += weight;
      // A sum of thirds is no whole number.
      if (below >= share * whole - 1e-9) return Number(value.toPrecision(DIGITS));
    }
    return 0;
  }) as [number, number, number];
}

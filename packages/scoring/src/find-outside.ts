import {
  type BundleFacts,
  type CalibratedConditions,
  FACE_FACTS,
  type Outside,
  type Quality,
  type Ranges,
  VIDEO_FACTS,
} from '@styleflow/contracts';
import type { VideoQuality } from './video-quality.js';

export interface JobConditions extends CalibratedConditions {
  readonly video: VideoQuality;
  /** Of the faces that were scored. */
  readonly faces: readonly { readonly track: number; readonly quality?: Quality | undefined }[];
}

/**
 * In what a job differs from what its bundle was calibrated on: first what was asked for and how clips were cut, then what was measured
 * of the video and of each face. What could not be measured is outside, too. Nothing for a bundle that was never calibrated.
 */
export function findOutside(
  { calibratedOn, ranges }: Pick<BundleFacts, 'calibratedOn' | 'ranges'>,
  job: JobConditions,
): Outside[] {
  const expected = calibratedOn?.conditions;
  return [...(expected === undefined ? [] : otherConditions(expected, job)), ...outOfRange(ranges ?? {}, job)];
}

function otherConditions(expected: CalibratedConditions, job: JobConditions): Outside[] {
  const facts = ({ options, preprocessing, precision }: CalibratedConditions) => ({
    ...{ maxFrames: options.maxFrames, sampling: options.sampling, faces: options.faces, detection: options.detection },
    ...{ preprocessing, precision },
  });
  const [wanted, is] = [facts(expected), facts(job)];
  return (Object.keys(wanted) as (keyof typeof wanted)[])
    .filter((fact) => wanted[fact] !== is[fact])
    .map((fact) => ({ fact, value: is[fact], expected: wanted[fact] }));
}

function outOfRange(ranges: Ranges, { video, faces }: JobConditions): Outside[] {
  const judge = (fact: string, value: number | null, more: { track?: number } = {}): Outside[] => {
    const range = Object.hasOwn(ranges, fact) ? ranges[fact] : undefined;
    if (range === undefined || (value !== null && value >= range[0] && value <= range[1])) return [];
    return [{ fact, ...more, value, range }];
  };
  return [
    ...VIDEO_FACTS.flatMap((fact) => judge(fact, video[fact])),
    ...faces.flatMap(({ track, quality }) =>
      FACE_FACTS.flatMap((fact) => judge(fact, quality?.[fact] ?? null, { track })),
    ),
  ];
}

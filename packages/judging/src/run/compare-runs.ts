import { type DelongTest, delongTest } from '../intervals/delong.js';
import { type PairedDifference, pairedBootstrap } from '../intervals/paired-bootstrap.js';
import type { AnswerRule } from '../metrics/confusion.js';
import { averagePrecision } from '../metrics/precision-recall.js';
import { brierScore } from '../metrics/probability-errors.js';
import { areaUnderRoc, equalErrorRate } from '../metrics/roc.js';
import type { Analysis, JudgedVideo } from './analyse-run.js';

export interface RunComparison {
  /** Videos that both runs scored; the others are left out. */
  readonly videos: number;
  readonly onlyInOne: number;
  /** Null unless there are two scored videos of each class. */
  readonly delong: DelongTest | null;
  /** This run − the other one. */
  readonly differences: Readonly<Record<'auc' | 'ap' | 'eer' | 'brier', PairedDifference>>;
  readonly changed: readonly {
    readonly id: string;
    readonly isFake: boolean;
    readonly before: string;
    readonly after: string;
    readonly scoreBefore: number;
    readonly scoreAfter: number;
  }[];
}

/** Tests two runs of the same videos against each other. Videos are the same by their bytes, not by their names. */
export function compareRuns(other: Analysis, own: Analysis, seed: number): RunComparison {
  const keyOf = ({ outcome, video }: JudgedVideo): string => outcome.sha256 ?? video.id;
  const before = new Map(other.counted.filter(({ score }) => score !== null).map((each) => [keyOf(each), each]));
  const pairs = own.counted.flatMap((after) => {
    const match = before.get(keyOf(after));
    if (match === undefined || after.score === null || match.score === null) return [];
    return [{ match, after, isFake: after.video.isFake, first: match.score, second: after.score }];
  });
  const paired = {
    isFake: pairs.map(({ isFake }) => isFake),
    first: pairs.map(({ first }) => first),
    second: pairs.map(({ second }) => second),
  };
  const fakes = paired.isFake.filter(Boolean).length;
  const isTestable = fakes >= 2 && pairs.length - fakes >= 2;
  const difference = (figure: Parameters<typeof pairedBootstrap>[2]) => pairedBootstrap(paired, { seed }, figure);
  return {
    videos: pairs.length,
    onlyInOne: own.counted.length + other.counted.length - 2 * pairs.length,
    delong: isTestable ? delongTest(paired) : null,
    differences: {
      auc: difference(areaUnderRoc),
      ap: difference(averagePrecision),
      eer: difference(equalErrorRate),
      brier: difference(brierScore),
    },
    changed: pairs.flatMap(({ match, after, isFake, first, second }) => {
      const [was, is] = [answerOf(match, first, other.rule), answerOf(after, second, own.rule)];
      if (was === is) return [];
      return [{ id: after.video.id, isFake, before: was, after: is, scoreBefore: first, scoreAfter: second }];
    }),
  };
}

/** What the run said of a scored video. */
export function answerOf({ isWithheld }: JudgedVideo, score: number, { real, fake }: AnswerRule): string {
  if (isWithheld) return 'inconclusive';
  if (score >= fake) return 'fake';
  return score < real ? 'real' : 'inconclusive';
}

import type { ScoreCounts } from './score-counts.js';

/** From `fake` on a score is called fake, below `real` it is called real; between them it gets no answer. Often both are equal. */
export interface AnswerRule {
  readonly real: number;
  readonly fake: number;
}

export interface Confusion {
  readonly fakesCalledFake: number;
  readonly fakesCalledReal: number;
  readonly fakesUnanswered: number;
  readonly realsCalledFake: number;
  readonly realsCalledReal: number;
  readonly realsUnanswered: number;
}

export function confusionOf({ scores, fakes, reals }: ScoreCounts, { real, fake }: AnswerRule): Confusion {
  const sums = { fake: [0, 0], real: [0, 0], none: [0, 0] };
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place] as number;
    const into = score >= fake ? sums.fake : score < real ? sums.real : sums.none;
    into[0] = (into[0] ?? 0) + (fakes[place] as number);
    into[1] = (into[1] ?? 0) + (reals[place] as number);
  }
  const [fakesCalledFake = 0, realsCalledFake = 0] = sums.fake;
  const [fakesCalledReal = 0, realsCalledReal = 0] = sums.real;
  const [fakesUnanswered = 0, realsUnanswered = 0] = sums.none;
  return { fakesCalledFake, fakesCalledReal, fakesUnanswered, realsCalledFake, realsCalledReal, realsUnanswered };
}

/** The share of right answers among those that got one; null without any. */
export function accuracyOf(confusion: Confusion): number | null {
  const right = confusion.fakesCalledFake + confusion.realsCalledReal;
  return share(right, right + confusion.fakesCalledReal + confusion.realsCalledFake);
}

/** The mean of the two classes' shares of right answers; null unless both classes have answers. */
export function balancedAccuracyOf(confusion: Confusion): number | null {
  const ofFakes = share(confusion.fakesCalledFake, confusion.fakesCalledFake + confusion.fakesCalledReal);
  const ofReals = share(confusion.realsCalledReal, confusion.realsCalledReal + confusion.realsCalledFake);
  return ofFakes === null || ofReals === null ? null : (ofFakes + ofReals) / 2;
}

/** The share that got an answer; null without scores. */
export function answeredShareOf(confusion: Confusion): number | null {
  const total = Object.values(confusion).reduce((sum: number, each: number) => sum + each, 0);
  return share(total - confusion.fakesUnanswered - confusion.realsUnanswered, total);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

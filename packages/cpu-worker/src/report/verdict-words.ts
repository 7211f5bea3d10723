import { outsideWords, type Verdict } from '@styleflow/contracts';

export interface VerdictWords {
  readonly headline: string;
  /** One short phrase under the headline. */
  readonly evidence: string;
  /** What it means, in sentences. */
  readonly meaning: readonly string[];
  /** What to type to get further. */
  readonly command?: string;
}

/** Four levels, as fact-checkers' tools use them; the bounds are score × 100. */
function evidenceLevel(score: number): string {
  if (score >= 0.9) return 'very strong';
  if (score >= 0.7) return 'strong';
  if (score >= 0.5) return 'moderate';
  return 'weak';
}

const NO_GUARANTEE =
  'A detector that finds nothing guarantees nothing: new methods, heavy compression or small faces can hide a manipulation.';
const NOT_A_PROBABILITY = 'The score orders videos by suspicion; it is not the probability that this video is fake.';

/** The verdict for people: what was found, how strong it is, and what does not follow from it. */
export function verdictWords(verdict: Verdict): VerdictWords {
  switch (verdict.label) {
    case 'fake':
      return {
        headline: 'Signs of manipulation',
        evidence: `${evidenceLevel(verdict.score ?? 0)} evidence`,
        meaning: [
          'At least one face moves in a way that the model knows from generated or swapped faces.',
          'Look at the stretches of time that score high before you draw a conclusion, and at where the video comes from.',
          NOT_A_PROBABILITY,
        ],
      };
    case 'real':
      return {
        headline: 'No signs of manipulation',
        evidence: 'score below the threshold',
        meaning: ['No face scored as high as the threshold.', NO_GUARANTEE, NOT_A_PROBABILITY],
      };
    case 'inconclusive':
      return inconclusiveWords(verdict);
  }
}

function inconclusiveWords(verdict: Verdict): VerdictWords {
  switch (verdict.reason) {
    case 'no_face':
      return {
        headline: 'No face to judge',
        evidence: 'inconclusive',
        meaning: [
          'No face was found in the frames that were looked at, so there is nothing that this model could judge.',
          'It says nothing about manipulation of anything else in the picture or of the sound.',
        ],
      };
    case 'face_too_short':
      return {
        headline: 'Faces too brief to judge',
        evidence: 'inconclusive',
        meaning: [
          'A face was seen, but never for long enough: sixteen frames in a row are the least that can be judged.',
          'If the video goes on, look at more of it (the option maxFrames 0 takes the whole); otherwise find a longer cut.',
        ],
      };
    case 'score_in_doubt':
      return {
        headline: 'Too close to call',
        evidence: 'inconclusive',
        meaning: [
          'The score lies between the thresholds from which on this model is known to be right often enough.',
          NOT_A_PROBABILITY,
        ],
      };
    case 'outside_calibration':
      return {
        headline: 'Outside of what the model was measured on',
        evidence: 'inconclusive',
        meaning: [
          'The video, or what was asked for, differs from everything on which the errors of this model are known:',
          ...(verdict.outside ?? []).map((each) => `${outsideWords(each)}.`),
        ],
      };
    case 'unstable':
      return {
        headline: 'The score does not hold',
        evidence: 'inconclusive',
        meaning: ['The verdict changes when the clips are encoded anew at a usual rate, so it says little.'],
      };
    case 'untrained_bundle':
    case undefined:
      return {
        headline: 'This is not a verdict',
        evidence: 'the model was never trained',
        meaning: [
          'The model that scored this video has random weights. Its score shows that every step works; it says nothing about the video.',
          'For a verdict, turn trained weights into a model bundle and start the inference worker with STYLEFLOW_BUNDLE=DIR:',
        ],
        command: 'npx styleflow models import --content FILE --style-gru FILE --psp FILE --out DIR',
      };
  }
}

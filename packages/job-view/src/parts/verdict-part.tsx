import { printable } from '@styleflow/runtime/printable';
import type { ReactNode } from 'react';
import { evidenceLevel, isCalibrated, type VerdictKind } from '../facts/verdict-facts.js';
import type { ViewedJob, ViewedResult } from '../facts/viewed-job.js';
import type { Words } from '../words/words.js';
import { CoveragePart } from './coverage-part.js';
import { voteSentences } from './opinions-part.js';
import { printScore, type View } from './view.js';

const IMPORT_COMMAND = 'npx styleflow models import --content FILE --style-gru FILE --psp FILE --out DIR';

/** The top of the page: what was found, how much that is worth, and what does not follow from it. */
export function VerdictPart({ view, isEmbedded }: { readonly view: View; readonly isEmbedded: boolean }): ReactNode {
  const { words, result, kind } = view;
  const { score, threshold } = result.verdict;
  const { combined } = result;
  return (
    <div className="jv-verdict">
      <Headline words={words} kind={kind} isEmbedded={isEmbedded} />
      <p className="jv-evidence">{evidence(words, kind, result)}</p>
      <CalibrationNote words={words} result={result} />
      {score !== null && (
        <ScoreScale
          words={words}
          score={score}
          threshold={threshold}
          says={combined ? words.opinions.scale(combined.rule) : words.scale}
        />
      )}
      <div className="jv-meaning">
        {(combined ? combinedMeaning(words, kind, combined) : meaning(words, kind, result)).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {kind === 'outside' && <OutsideList view={view} />}
        {kind === 'untrained' && (
          <pre>
            <code>{IMPORT_COMMAND}</code>
          </pre>
        )}
      </div>
      <CoveragePart view={view} />
    </div>
  );
}

/** On what threshold and scores were checked; of several models whether all of those that voted were. */
function CalibrationNote({ words, result }: { readonly words: Words; readonly result: ViewedResult }): ReactNode {
  const { model, combined, opinions = [] } = result;
  if (combined) {
    const voted = new Set(combined.votes.map(({ bundle }) => bundle));
    const areChecked = opinions.every((opinion) => !voted.has(opinion.model.bundle) || isCalibrated(opinion.model));
    return areChecked ? null : <p className="jv-calibration">{words.calibration.neverAll}</p>;
  }
  return (
    <p className="jv-calibration">
      {isCalibrated(model) && model.calibratedOn ? words.calibration.on(model.calibratedOn) : words.calibration.never}
    </p>
  );
}

interface HeadlineProps {
  readonly words: Words;
  readonly kind: VerdictKind;
  readonly isEmbedded: boolean;
}

function Headline({ words, kind, isEmbedded }: HeadlineProps): ReactNode {
  const Level = isEmbedded ? 'h2' : 'h1';
  return <Level>{headline(words, kind)}</Level>;
}

interface NoResultProps extends HeadlineProps {
  readonly job: ViewedJob;
  /** The error in a few words, where who shows the view has some. */
  readonly errorTitle: string | undefined;
}

/** The top of the page of a job that has no result: why not. */
export function NoResultPart({ words, job, kind, errorTitle, isEmbedded }: NoResultProps): ReactNode {
  const sentences = kind === 'failed' || kind === 'canceled' ? words.meaning[kind] : words.meaning.running;
  return (
    <div className="jv-verdict">
      <Headline words={words} kind={kind} isEmbedded={isEmbedded} />
      {job.error && <p className="jv-evidence">{words.error.stopped(job.error.code, errorTitle)}</p>}
      <div className="jv-meaning">
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {job.error && <p className="jv-doubt">{job.error.message}</p>}
      </div>
    </div>
  );
}

/** One short phrase, as it also stands in the title of the page. */
export function headline({ verdict }: Words, kind: VerdictKind): string {
  switch (kind) {
    case 'no-face':
      return verdict.noFace;
    case 'too-short':
      return verdict.tooShort;
    case 'in-doubt':
      return verdict.inDoubt;
    default:
      return verdict[kind];
  }
}

/** How the votes fell, and what does not follow from it. */
function combinedMeaning(
  words: Words,
  kind: VerdictKind,
  combined: NonNullable<ViewedResult['combined']>,
): readonly string[] {
  const { meaning } = words;
  if (kind === 'no-face') return meaning.noFace;
  if (kind === 'too-short') return meaning.tooShort;
  const votes = voteSentences(words, combined);
  if (kind === 'simulated' || kind === 'untrained') return [...votes, ...meaning[kind]];
  if (kind === 'below') return [...votes, meaning.noGuarantee, meaning.notProbability];
  return kind === 'inconclusive' ? votes : [...votes, meaning.lookFirst, meaning.notProbability];
}

function evidence({ evidence }: Words, kind: VerdictKind, { verdict, model, combined }: ViewedResult): string {
  switch (kind) {
    case 'signs':
      return evidence.level(evidenceLevel(verdict.score ?? 0));
    case 'above':
      return evidence.unknown;
    case 'below':
      return (combined ? combined.rule === 'mean' : isCalibrated(model)) ? evidence.none : evidence.unknown;
    case 'simulated':
      return evidence.simulated;
    case 'untrained':
      return evidence.untrained;
    default:
      return evidence.inconclusive;
  }
}

function meaning({ meaning }: Words, kind: VerdictKind, { model }: ViewedResult): readonly string[] {
  switch (kind) {
    case 'signs':
    case 'above':
      return [meaning.above, meaning.judges(model.variant), meaning.lookFirst, meaning.notProbability];
    case 'below':
      return [meaning.below, meaning.judges(model.variant), meaning.noGuarantee, meaning.notProbability];
    case 'no-face':
      return meaning.noFace;
    case 'too-short':
      return meaning.tooShort;
    case 'in-doubt':
      return meaning.inDoubt;
    default:
      return meaning[kind];
  }
}

/** In what the video lies outside, and what the calibration covers. */
function OutsideList({ view: { words, result } }: { readonly view: View }): ReactNode {
  const shown = (value: number | string | null | undefined): string => {
    if (value === null || value === undefined) return words.unmeasured;
    return typeof value === 'number' ? words.number(Number(value.toPrecision(3))) : printable(value);
  };
  return (
    <ul className="jv-outside">
      {(result.verdict.outside ?? []).map(({ fact, value, range, expected, track }) => {
        const covered = range ? `${shown(range[0])}–${shown(range[1])}` : shown(expected);
        const face = track === undefined ? null : words.face(track + 1);
        return <li key={`${fact} ${track ?? ''}`}>{words.outside(printable(fact), shown(value), covered, face)}</li>;
      })}
    </ul>
  );
}

interface ScaleProps {
  readonly words: Words;
  readonly score: number;
  readonly threshold: number;
  /** What the score is. */
  readonly says: string;
}

function ScoreScale({ words, score, threshold, says }: ScaleProps): ReactNode {
  const [value, mark] = [printScore(words, score, threshold), printScore(words, threshold, score)];
  return (
    <div className="jv-scale">
      <div className="jv-value">
        {value}
        <small>{says}</small>
      </div>
      <div className="jv-bar" role="img" aria-label={words.scaleLabel(value, mark)}>
        <div className="jv-fill" style={{ width: percent(score) }} />
        <div className="jv-at" style={{ left: percent(threshold) }} />
      </div>
      <div className="jv-words">
        <span style={markStyle(threshold)}>{words.threshold(mark)}</span>
      </div>
    </div>
  );
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** The word for the threshold stays inside the scale at either end. */
function markStyle(position: number): { left?: string; right?: string; transform?: string } {
  if (position < 0.12) return { left: '0' };
  if (position > 0.88) return { right: '0' };
  return { left: percent(position), transform: 'translateX(-50%)' };
}

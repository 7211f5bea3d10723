import { secondsLookedAt } from '@styleflow/contracts/seconds-looked-at';
import type { ReactNode } from 'react';
import { decisiveFace } from '../facts/decisive-face.js';
import { isCalibrated, isMeaningful, isSimulated } from '../facts/verdict-facts.js';
import { printScore, type View } from './view.js';

/** What the score rests on, and what would change it: as far as that follows from the numbers. */
export function BasisPart({ view }: { readonly view: View }): ReactNode {
  const { words } = view;
  const sentences = [...basis(view), ...changes(view)];
  if (sentences.length === 0) return null;
  return (
    <section className="jv-section">
      <h2>{words.basis.title}</h2>
      <ul className="jv-list">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

function basis({ words, result, kind }: View): string[] {
  const top = decisiveFace(result);
  if (top === null) return [];
  const { threshold } = result.verdict;
  const name = words.face(top.face.track + 1);
  const isAbove = top.score >= threshold;
  const scored = result.faces.flatMap(({ clips }) => clips.flatMap(({ score }) => score ?? []));
  const high = scored.filter((score) => score >= threshold).length;
  const decisive = words.basis.decisive(name, top.face.clips.length, printScore(words, top.score, threshold));
  if (!isMeaningful(kind)) return [decisive];
  const without =
    top.otherScore === null
      ? words.basis.alone
      : words.basis.without(
          name,
          printScore(words, top.otherScore, threshold),
          top.otherScore >= threshold !== isAbove,
          top.otherScore >= threshold,
        );
  return [
    decisive,
    without,
    words.basis.margin(printScore(words, Math.abs(top.score - threshold), 0), isAbove),
    words.basis.highClips(high, scored.length),
  ];
}

function changes({ words, job, result }: View): string[] {
  const { model, video, faces } = result;
  // Where nothing was scored no model would have said more.
  const isScored = faces.some(({ clips }) => clips.length > 0);
  return [
    ...(secondsLookedAt(video, job.options) === null ? [] : [words.basis.more]),
    ...(video.framesDamaged > 0 ? [words.basis.copy] : []),
    ...(faces.length > 0 ? [] : [words.basis.search]),
    ...(!isScored || model.trained || isSimulated(model) ? [] : [words.basis.train]),
    ...(isScored && model.trained ? [words.basis.model] : []),
    ...(isScored && model.trained && !isCalibrated(model) ? [words.basis.calibrate] : []),
  ];
}

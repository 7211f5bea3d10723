import { printable } from '@styleflow/runtime/printable';
import type { ReactNode } from 'react';
import type { ViewedResult } from '../facts/viewed-job.js';
import { printScore, type View } from './view.js';

type Combined = NonNullable<ViewedResult['combined']>;

/** How the votes fell, and who voted otherwise. */
export function voteSentences({ opinions }: View['words'], { rule, votes, disagreed }: Combined): string[] {
  const fakes = votes.filter(({ label }) => label === 'fake').length;
  return [
    opinions.rule(rule, fakes, votes.length),
    ...(disagreed.length === 0 ? [] : [opinions.disagreed(disagreed.map((id) => printable(id)).join(', '))]),
  ];
}

/** What each of several bundles says of the video; nothing for a job with one. */
export function OpinionsPart({ view: { words, result } }: { readonly view: View }): ReactNode {
  const { opinions } = result;
  if (opinions === undefined) return null;
  const says = words.opinions;
  return (
    <section className="jv-section">
      <h2>{says.title}</h2>
      <table className="jv-scores">
        <thead>
          <tr>
            <th scope="col">{says.model}</th>
            <th scope="col">{says.says}</th>
            <th scope="col">{words.score}</th>
            <th scope="col">{words.facts.threshold}</th>
          </tr>
        </thead>
        <tbody>
          {opinions.map(({ model, verdict, leftOut, stability }) => (
            <tr key={model.bundle}>
              <th scope="row" className="jv-code">
                <bdi>{printable(model.bundle)}</bdi>
              </th>
              <td>
                {verdict ? (says.label[verdict.label] ?? verdict.label) : says.leftOut[leftOut?.reason ?? 'no_workers']}
                {verdict?.reason === 'untrained_bundle' && `: ${words.facts.untrained}`}
                {verdict?.reason === 'unstable' &&
                  `: ${stability?.state === 'unknown' ? words.stability.unknown : words.stability.unstable}`}
              </td>
              <td>
                {verdict?.score === null || verdict === undefined
                  ? '–'
                  : printScore(words, verdict.score, verdict.threshold)}
              </td>
              <td>{verdict === undefined ? '–' : printScore(words, verdict.threshold, verdict.score ?? undefined)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {opinions.length > 1 && <p>{says.shown(printable(result.model.bundle))}</p>}
    </section>
  );
}

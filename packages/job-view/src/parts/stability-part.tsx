import type { EncodedScores } from '@styleflow/contracts';
import type { ReactNode } from 'react';
import type { ViewedResult } from '../facts/viewed-job.js';
import { printScore, type View } from './view.js';

/** The video and the faces that are drawn; others stand in the result alone. */
const FACES_MAX = 40;
const ENCODINGS = ['plain', 'h264', 'half'] as const;

/** What became of the scores when the clips were encoded anew; nothing for a job that did not ask for it. */
export function StabilityPart({ view }: { readonly view: View }): ReactNode {
  const { words, result } = view;
  const { stability } = result;
  if (stability === undefined) return null;
  const says = words.stability;
  const { labels } = stability;
  return (
    <section className="jv-section">
      <h2>{says.title}</h2>
      <p>
        {says.about} {says.state[stateShown(view, stability)]}
      </p>
      <table className="jv-scores">
        <thead>
          <tr>
            <td />
            {ENCODINGS.map((encoding) => (
              <th key={encoding} scope="col">
                {says[encoding]}
              </th>
            ))}
            <th scope="col">{says.spread}</th>
          </tr>
        </thead>
        <tbody>
          <ScoreRow view={view} name={says.video} scores={stability.scores} spread={stability.spread} />
          {stability.faces.slice(0, FACES_MAX).map(({ track, scores, spread }) => (
            <ScoreRow key={track} view={view} name={words.face(track + 1)} scores={scores} spread={spread} />
          ))}
          {result.verdict.reason === 'unstable' && (
            <tr>
              <th scope="row">{says.label}</th>
              {ENCODINGS.map((encoding) => (
                <td key={encoding}>{words.opinions.label[labels[encoding] ?? ''] ?? '–'}</td>
              ))}
              <td />
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

/** Made-up scores hold or change without meaning. */
function stateShown({ kind }: View, { state }: NonNullable<ViewedResult['stability']>): string {
  return kind === 'simulated' || kind === 'untrained' ? 'no_verdict' : state;
}

interface ScoreRowProps {
  readonly view: View;
  readonly name: string;
  readonly scores: EncodedScores;
  readonly spread: number | null;
}

function ScoreRow({ view: { words }, name, scores, spread }: ScoreRowProps): ReactNode {
  const print = (score: number | null): string => (score === null ? '–' : printScore(words, score));
  return (
    <tr>
      <th scope="row">{name}</th>
      {ENCODINGS.map((encoding) => (
        <td key={encoding}>{print(scores[encoding])}</td>
      ))}
      <td>{print(spread)}</td>
    </tr>
  );
}

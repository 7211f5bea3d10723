import type { ReactNode } from 'react';
import { repeatCommand } from '../facts/repeat-command.js';
import type { View } from './view.js';

/** How to get the same numbers again, as commands. */
export function RepeatPart({ view: { words, job, result } }: { readonly view: View }): ReactNode {
  return (
    <section className="jv-section">
      <h2>{words.reproduce.title}</h2>
      <p>{words.reproduce.about}</p>
      <pre>
        <code>{repeatCommand(job, result, words.reproduce.video)}</code>
      </pre>
    </section>
  );
}

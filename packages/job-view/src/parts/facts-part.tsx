import type { ReactNode } from 'react';
import { type FactRow, fileRows, jobRows, modelRows } from './fact-rows.js';
import type { View } from './view.js';

/** Everything that someone needs to repeat or to doubt the analysis. */
export function FactsPart({ view }: { readonly view: View }): ReactNode {
  const { facts } = view.words;
  return (
    <section className="jv-section">
      <h2>{facts.title}</h2>
      <div className="jv-facts">
        <FactTable title={facts.file} rows={fileRows(view)} />
        <FactTable title={facts.model} rows={modelRows(view)} />
        <FactTable title={facts.job} rows={jobRows(view)} />
      </div>
    </section>
  );
}

function FactTable({ title, rows }: { readonly title: string; readonly rows: readonly FactRow[] }): ReactNode {
  return (
    <div>
      <h3>{title}</h3>
      <table>
        <tbody>
          {rows.map(({ key, name, value, isCode }) => (
            <tr key={key ?? name}>
              <th scope="row">
                <bdi>{name}</bdi>
              </th>
              <td className={isCode ? 'jv-code' : undefined}>
                <bdi>{value}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

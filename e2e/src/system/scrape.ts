/** One time series of a process's page of metrics, as Prometheus would store it. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The series that a query selects: `name{label="value", …}`. */
export interface Selector {
  readonly text: string;
  readonly name: string;
  readonly matchers: ReadonlyArray<{ readonly label: string; readonly operator: string; readonly value: string }>;
}

/** Reads a page of metrics. `target` holds the labels that Prometheus adds to all series of a process. */
export function readSeries(page: string, target: Readonly<Record<string, string>>): Series[] {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    const own = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', value = '']) => [label, value]);
    return { name, labels: { ...target, ...Object.fromEntries(own) } };
  });
}

/** The selectors of our own and Node's metrics in a query, or in a text that contains one. */
export function readSelectors(text: string): Selector[] {
  return [...text.matchAll(/\b(?:styleflow|process|nodejs)_\w+(?:\{([^}]*)\})?/g)].map(([whole, inside = '']) => ({
    text: whole,
    name: /^\w+/.exec(whole)?.[0] ?? '',
    matchers: [...inside.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g)].map(
      ([, label = '', operator = '', value = '']) => ({
        label,
        operator,
        // In a string of PromQL `\\.` stands for `\.`.
        value: value.replace(/\\(.)/g, '$1'),
      }),
    ),
  }));
}

/** The series that match a selector. */
export function pick({ name, matchers }: Selector, series: readonly Series[]): Series[] {
  return series.filter(
    (each) =>
      each.name === name &&
      matchers.every(({ label, operator, value }) => {
        const actual = each.labels[label] ?? '';
        const isEqual = operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(actual) : actual === value;
        return operator.startsWith('!') ? !isEqual : isEqual;
      }),
  );
}

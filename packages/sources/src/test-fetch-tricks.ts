/**
 * Ways to make the service call what it must not call, and harmless addresses that look alike. Each is one line: what is sent, and what
 * has to come of it. What a name leads to and where a server redirects is told by the trick itself.
 */
export interface FetchTrick {
  readonly kind: string;
  readonly url: string;
  /** Answers of the name service, for one question after the other; the last one is repeated. */
  readonly names?: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Where the server at a URL redirects to; every other URL has a file. */
  readonly redirects?: Readonly<Record<string, string>>;
  readonly status?: number;
  /** What the operator denies. */
  readonly denied?: readonly string[];
  /** The connections that are made, as address:port, and how the fetch ends; null: with a file. */
  readonly asked: readonly string[];
  readonly code: 'source_forbidden' | 'source_unreachable' | null;
}

export const PUBLIC = '93.184.215.14';
export const OTHER = '151.101.1.1';
export const PUBLIC6 = '2606:4700::1111';
export const START = 'http://public.example/start';
export const NAMES = {
  localhost: [['127.0.0.1']],
  'public.example': [[PUBLIC]],
  'other.example': [[OTHER]],
  'six.example': [[PUBLIC6]],
};

export const refused = (kind: string, ...urls: string[]): FetchTrick[] =>
  urls.map((url) => ({ kind, url, names: NAMES, asked: [], code: 'source_forbidden' }));

export const passes = (kind: string, ...urls: (readonly [url: string, asked: string])[]): FetchTrick[] =>
  urls.map(([url, asked]) => ({ kind, url, names: NAMES, asked: [asked], code: null }));

/** A name that leads inside: answered as if there were none. */
export const hidden = (kind: string, ...names: (readonly [name: string, ...addresses: string[]])[]): FetchTrick[] =>
  names.map(([name, ...addresses]) => ({
    ...{ kind, url: `http://${name}/video.mp4`, asked: [], code: 'source_unreachable' as const },
    names: { [new URL(`http://${name}`).hostname]: [addresses] },
  }));

/** A public server that redirects; it is asked, and nobody else. */
export const redirected = (
  kind: string,
  code: FetchTrick['code'],
  locations: readonly string[],
  more: Partial<FetchTrick> = {},
): FetchTrick[] =>
  locations.map((location) => ({
    ...{ kind, url: START, names: NAMES, redirects: { [START]: location }, asked: [`${PUBLIC}:80`], code },
    ...more,
  }));

export const http = (hosts: readonly string[]): string[] => hosts.map((host) => `http://${host}/video.mp4`);

import type { IncomingMessage } from 'node:http';
import { JobError } from '@styleflow/contracts';
import { certificateFault } from './certificate-fault.js';
import { type DeniedHosts, deniedHosts } from './denied-hosts.js';
import { FetchCookies } from './fetch-cookies.js';
import { type ResolveName, resolveByDns } from './look-up-name.js';
import { type Connect, connectTo, requestUrl } from './request-url.js';
import { resolveHost } from './resolve-host.js';
import { nameOf, parseSourceUrl, redirectTo } from './source-url.js';

export interface FetchTarget {
  readonly host: string;
  readonly addresses: readonly string[];
}

export interface OpenerOptions {
  /** Whether addresses are allowed that are not on the public internet. */
  readonly allowPrivate: boolean;
  /** Ports of public addresses that may be asked; of private ones, where they are allowed, any. */
  readonly ports: readonly number[];
  /** Never asked, whatever is allowed; default: what is denied everywhere. */
  readonly denied?: DeniedHosts;
  /** Called before each connection, of redirects too, with the host's name and addresses; what it throws ends the fetch. */
  readonly onTarget?: ((target: FetchTarget) => Promise<void>) | undefined;
  /** Looks up names. Default: the system's look-up. */
  readonly resolveName?: ResolveName;
  /** Default: by the network. */
  readonly connect?: Connect;
}

export interface OpenedSource {
  /** Where the redirects have led. */
  readonly url: URL;
  readonly answer: IncomingMessage;
}

const MAX_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Asks for the files of one fetch: each address is judged before anything is sent to it. */
export class SourceOpener {
  readonly #options: OpenerOptions;
  readonly #signal: AbortSignal;
  readonly #cookies = new FetchCookies();

  constructor(options: OpenerOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  /** Follows redirects by itself, so that each address on the way is judged. */
  async open(address: string): Promise<OpenedSource> {
    let url = parseSourceUrl(address);
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const answer = await this.ask(url);
      const { location } = answer.headers;
      if (!REDIRECTS.includes(answer.statusCode ?? 0) || location === undefined) return { url, answer };
      answer.destroy();
      url = redirectTo(url, location);
    }
    const message = `${nameOf(url)} lies behind more than ${MAX_REDIRECTS} redirects`;
    throw new JobError('source_unreachable', message, { retryable: false });
  }

  /**
   * One GET.
   * @throws JobError `source_unreachable`, for good, where the certificate of https does not prove who answers.
   */
  async ask(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<IncomingMessage> {
    const { allowPrivate, ports, denied = deniedHosts([]), resolveName = resolveByDns, onTarget } = this.#options;
    const addresses = await resolveHost(url, { allowPrivate, ports, denied, resolveName });
    await onTarget?.({ host: url.hostname, addresses: addresses.map(({ address }) => address) });
    this.#signal.throwIfAborted();
    const cookie = this.#cookies.of(url);
    const answer = await requestUrl(url, addresses, {
      connect: this.#options.connect ?? connectTo,
      headers: { ...headers, ...(cookie !== '' && { cookie }) },
      signal: this.#signal,
    }).catch((error: unknown) => {
      const fault = certificateFault(error);
      if (fault === null) throw error;
      const message = `The certificate of ${nameOf(url)} ${fault}`;
      throw new JobError('source_unreachable', message, { cause: error, retryable: false });
    });
    this.#cookies.keep(url, answer);
    return answer;
  }
}

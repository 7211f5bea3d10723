import { deniedHosts } from './denied-hosts.js';
import { resolveByDns } from './look-up-name.js';
import { resolveHost } from './resolve-host.js';
import { sendPost } from './send-post.js';

export interface Question {
  readonly url: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether addresses are allowed that are not on the public internet. */
  readonly allowPrivate: boolean;
  /** For everything together. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
}

/**
 * Sends one POST to a server that an operator has named, over a connection that is judged as those to webhooks are, and reads its
 * short answer. It follows no redirect.
 * @throws Error that says why there is no answer of status 200 within the limits
 */
export async function askServer({
  url,
  body,
  headers,
  allowPrivate,
  timeoutMs,
  maxAnswerBytes,
}: Question): Promise<Buffer> {
  const address = new URL(url);
  const signal = AbortSignal.timeout(timeoutMs);
  const port = Number(address.port || (address.protocol === 'https:' ? 443 : 80));
  const rules = { allowPrivate, ports: [port], denied: deniedHosts([]), resolveName: resolveByDns };
  const answer = await sendPost(address, await resolveHost(address, rules), { body, headers, signal });
  try {
    if (answer.statusCode !== 200) throw new Error(`it answered ${answer.statusCode}`);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxAnswerBytes) throw new Error(`its answer is longer than ${maxAnswerBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    answer.destroy();
  }
}

import { JobError } from '@styleflow/contracts';
import { ANSWERS } from './answers.js';
import type { ApiAddress, Call } from './api-address.js';
import { callApi } from './call-api.js';
import type { AnswerOf, JsonCall, Operation } from './documented.js';
import { CALLS } from './generated/openapi-calls.js';

/** What is filled into a call of the document. */
export interface CallParts extends Pick<Call, 'headers' | 'json' | 'body' | 'signal'> {
  /** By the names in braces in the call's path. */
  readonly path?: Readonly<Record<string, string | number>>;
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Makes the calls of the OpenAPI document by their names. */
export class ApiCaller {
  readonly address: ApiAddress;

  constructor(address: ApiAddress) {
    this.address = address;
  }

  /** @throws StyleFlowError as `callApi` does */
  send(operation: Operation, { path = {}, query = {}, ...rest }: CallParts = {}): Promise<Response> {
    const call = CALLS[operation];
    const words = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) words.set(name, String(value));
    const asked = words.size === 0 ? '' : `?${words}`;
    return callApi(this.address, { ...rest, method: call.method, path: `${fill(call.path, path)}${asked}` });
  }

  /** The answer, checked. */
  async read<Op extends JsonCall>(operation: Op, parts: CallParts = {}): Promise<AnswerOf<Op>> {
    return this.check(operation, await this.send(operation, parts));
  }

  /** @throws StyleFlowError `internal` for an answer that does not fit */
  async check<Op extends JsonCall>(operation: Op, response: Response): Promise<AnswerOf<Op>> {
    const parsed = ANSWERS[operation].safeParse(await response.json().catch(() => undefined));
    // The table fits the document, by type; the compiler does not carry that through an index.
    if (parsed.success) return parsed.data as AnswerOf<Op>;
    const { method, path } = CALLS[operation];
    throw new JobError('internal', `${method} ${path} answered something that this client does not know.`, {
      cause: parsed.error,
    });
  }

  /** The bytes of the answer as they come. */
  async stream(operation: Operation, parts: CallParts = {}): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.send(operation, parts);
    if (body === null) throw new JobError('internal', `${CALLS[operation].path} answered without a body.`);
    return body;
  }
}

function fill(path: string, values: Readonly<Record<string, string | number>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

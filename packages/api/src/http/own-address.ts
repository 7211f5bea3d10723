/** Under which address callers reach this process: told by its settings, or where it listens, which is known only once it does. */
export class OwnAddress {
  readonly #host: string;
  readonly #publicUrl: string | undefined;
  #port: number;

  /** @param publicUrl what stands in front of the API; without it, the address itself is told. */
  constructor(listens: { readonly host: string; readonly port: number }, publicUrl: string | undefined) {
    this.#host = listens.host;
    this.#port = listens.port;
    this.#publicUrl = publicUrl;
  }

  /** The port that was given, where any would do. */
  listensOn(port: number): void {
    this.#port = port;
  }

  /** On this machine. */
  get localUrl(): string {
    const isEveryAddress = this.#host === '0.0.0.0' || this.#host === '::';
    return `http://${isEveryAddress ? '127.0.0.1' : this.#host}:${this.#port}`;
  }

  get publicUrl(): string {
    return this.#publicUrl ?? this.localUrl;
  }
}

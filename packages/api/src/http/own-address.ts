/**
 * The address under which callers reach this process. The settings give it, or else the address where the process
 * listens, which is known only once it does.
 */
export class OwnAddress {
  readonly #host: string;
  readonly #publicUrl: string | undefined;
  #port: number;

  /** @param publicUrl the address of a proxy before the API; without it, the process's own address is used. */
  constructor(listens: { readonly host: string; readonly port: number }, publicUrl: string | undefined) {
    this.#host = listens.host;
    this.#port = listens.port;
    this.#publicUrl = publicUrl;
  }

  /** Sets the port that was assigned, for a setting that allows any. */
  listensOn(port: number): void {
    this.#port = port;
  }

  /** The address on this machine. */
  get localUrl(): string {
    const isEveryAddress = this.#host === '0.0.0.0' || this.#host === '::';
    return `http://${isEveryAddress ? '127.0.0.1' : this.#host}:${this.#port}`;
  }

  get publicUrl(): string {
    return this.#publicUrl ?? this.localUrl;
  }
}

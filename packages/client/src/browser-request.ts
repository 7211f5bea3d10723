/** As much of a browser's XMLHttpRequest as sending a file takes: it alone tells how many bytes have left. */
export interface BrowserRequest {
  readonly upload: { onprogress: ((event: { readonly loaded: number }) => void) | null };
  readonly status: number;
  readonly responseText: string;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  getResponseHeader(name: string): string | null;
  send(body: Blob): void;
  abort(): void;
}

/** Makes one; null where there is none, as in Node. */
export const openBrowserRequest: (() => BrowserRequest) | null = findBrowserRequest();

function findBrowserRequest(): (() => BrowserRequest) | null {
  const { XMLHttpRequest: Request } = globalThis as { XMLHttpRequest?: new () => BrowserRequest };
  return Request === undefined ? null : () => new Request();
}

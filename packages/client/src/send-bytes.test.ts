import { afterEach, beforeEach, expect, it, vi } from 'vitest';

/** A request whose bytes leave, or not, as the test says. */
class HeldRequest {
  static last: HeldRequest;
  readonly upload: { onprogress: ((event: { readonly loaded: number }) => void) | null } = { onprogress: null };
  readonly status = 200;
  readonly responseText = '';
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;

  constructor() {
    HeldRequest.last = this;
  }

  open(): void {}
  setRequestHeader(): void {}
  getResponseHeader(): null {
    return null;
  }
  send(): void {}
  abort(): void {
    this.onabort?.();
  }
}

// Whether there is one is looked at when the module is loaded.
vi.stubGlobal('XMLHttpRequest', HeldRequest);
const { sendBytes } = await import('./send-bytes.js');

const PUT = { url: 'http://store.example/upload', method: 'PUT', headers: {} } as const;
const MINUTE_MS = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a browser whose network went away without a word counts as cut off after a minute', async () => {
  const sent = sendBytes(PUT, new Blob(['1234']), {});
  const failed = expect(sent).rejects.toMatchObject({
    code: 'internal',
    message: 'http://store.example cannot be reached: nothing could be sent for 60 s.',
  });
  vi.advanceTimersByTime(MINUTE_MS - 1000);
  HeldRequest.last.upload.onprogress?.({ loaded: 2 });
  vi.advanceTimersByTime(MINUTE_MS);
  await failed;
});

it('a store may take its time to answer once every byte has left', async () => {
  const sent = sendBytes(PUT, new Blob(['1234']), {});
  HeldRequest.last.upload.onprogress?.({ loaded: 4 });
  vi.advanceTimersByTime(10 * MINUTE_MS);
  HeldRequest.last.onload?.();
  await sent;
});

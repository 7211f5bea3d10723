/** Offers bytes as a file that the browser saves. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after this function has returned.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Saves a stream of the API once it has come whole. */
export async function saveStream(name: string, stream: ReadableStream<Uint8Array>, type: string): Promise<void> {
  const blob = await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
  saveFile(name, new Blob([blob], { type }));
}

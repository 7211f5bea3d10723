/** Bytes at the start of a file that are enough to tell what it is. */
export const HEAD_BYTES = 1024;

const UTF8_MARK = /^\ufeff/;

/** Beginnings of files that are no checkpoints, and what to do about such a file. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ['\x1f\x8b', 'a gzip file: unpack it first'],
  ['BZh', 'a bzip2 file: unpack it first'],
  ['\xfd7zXZ', 'an xz file: unpack it first'],
  ['7z\xbc\xaf', 'a 7z archive: unpack it first'],
  ['Rar!', 'a rar archive: unpack it first'],
  ['\x89HDF', 'an HDF5 file (Keras), not a PyTorch one'],
  ['\x93NUMPY', 'a numpy array, not a checkpoint'],
  ['GGUF', 'a GGUF file, not a PyTorch one'],
  ['%PDF', 'a PDF document'],
  ['\x89PNG', 'a picture'],
  ['\x08', 'perhaps an ONNX graph already: import-onnx takes those'],
];

/** Tells from the first bytes what a file seems to be that is no checkpoint; completes a sentence. */
export function describeForeignFile(head: Buffer, size: number): string {
  if (size === 0) return 'it is empty';
  if (head.every((byte) => byte === 0)) return 'it begins with zeros, as a download that was broken off';
  const text = head.toString('utf8').replace(UTF8_MARK, '').trimStart();
  if (/^<(!doctype|html|\?xml|head|body)/i.test(text)) {
    return 'it is a web page: the download gave a page (a consent, log-in or error page) instead of the file';
  }
  if (text.startsWith('version https://git-lfs')) {
    const bytes = /^size (\d+)$/m.exec(text)?.[1];
    return `it is a Git LFS pointer, not the file${bytes ? ` of ${bytes} bytes` : ''} itself: fetch it with git lfs pull`;
  }
  if (text.startsWith('{') || text.startsWith('[')) {
    return text.includes('"weight_map"') || text.includes('"metadata"')
      ? 'it is the index of a checkpoint in several files: give a checkpoint in one file'
      : 'it is a JSON text';
  }
  const latin = head.toString('latin1');
  if (latin.slice(257, 262) === 'ustar' || /^(sys_info|pickle|storages|tensors)\0/.test(latin)) {
    return 'it is a tar archive, as PyTorch before 0.2 wrote them: load and save it again with a newer PyTorch';
  }
  if (latin.slice(4, 8) === 'TFL3') return 'it is a TensorFlow Lite model';
  const known = BEGINNINGS.find(([start]) => latin.startsWith(start));
  if (known) return `it is ${known[1]}`;
  return `it begins with ${head.subarray(0, 8).toString('hex')}`;
}

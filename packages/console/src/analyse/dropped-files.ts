import type { DirectoryDropItem, DropItem } from 'react-aria-components/useDragAndDrop';

const VIDEO_NAME = /\.(mp4|m4v|mov|webm|mkv|avi|ts|mts|m2ts|mpe?g|wmv|flv|3gp|ogv|mxf|y4m)$/i;

/** A file of a folder counts as a video by its type or name; one that a person picked out is taken as it is. */
function looksLikeVideo({ name, type }: File): boolean {
  return type.startsWith('video/') || VIDEO_NAME.test(name);
}

/** The files of what was dropped; folders are walked, and what is no video in them is left out and counted. */
export async function filesOfDrop(items: readonly DropItem[]): Promise<{ files: File[]; skipped: number }> {
  const files: File[] = [];
  let skipped = 0;
  async function walk(folder: DirectoryDropItem): Promise<void> {
    for await (const entry of folder.getEntries()) {
      if (entry.kind === 'directory') await walk(entry);
      else {
        const file = await entry.getFile();
        if (looksLikeVideo(file)) files.push(file);
        else skipped += 1;
      }
    }
  }
  for (const item of items) {
    if (item.kind === 'directory') await walk(item);
    if (item.kind === 'file') files.push(await item.getFile());
  }
  return { files, skipped };
}

/** The files of a folder that was chosen, or of a choice of files. */
export function filesOfChoice(list: FileList | null, isFolder: boolean): { files: File[]; skipped: number } {
  const all = [...(list ?? [])];
  const files = isFolder ? all.filter(looksLikeVideo) : all;
  return { files, skipped: all.length - files.length };
}

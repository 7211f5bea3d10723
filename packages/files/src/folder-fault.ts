/** What is wrong with a folder, and what to do, by the system's codes. */
const FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there; name another folder, or let this user write to it',
  EPERM: 'the system forbids it there; name another folder',
  EROFS: 'its disk is read-only; name a folder on another one, or mount it writable',
  ENOSPC: 'its disk is full; free some space, or name a folder on another one',
  EDQUOT: 'the quota of this user is used up there; free some space, or name another folder',
  EEXIST: 'what lies there is no folder; name another one, or move that away',
  ENOTDIR: 'a part of this path is no folder; name another one',
  ELOOP: 'its links lead in a circle; name another folder',
  ENOENT: 'no folder can be made there; name another one',
  ENAMETOOLONG: 'the name is too long for the file system; name another folder',
};

/** `what is wrong (CODE); what to do`, for whoever chose the folder; for errors of another kind what they say. */
export function folderFault(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (isFolderFault(error)) return FAULTS[String(code)]?.replace(';', ` (${code});`) ?? '';
  return `${error instanceof Error ? error.message : String(error)}; name another folder`;
}

/** Whether the system refused it for what the folder or its disk is. */
export function isFolderFault(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && Object.hasOwn(FAULTS, code);
}

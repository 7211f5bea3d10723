import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;
/** Taking over takes microseconds, so a marker of this age was left by a process that died meanwhile. */
const TAKEOVER_STALE_MS = 10_000;

/**
 * Runs `work` while no other set-up works on this checkout. A lock whose process is gone is taken over.
 * @template T
 * @param {string} path of the lock file
 * @param {() => Promise<T>} work
 * @param {(owner: string) => void} onWait called once when somebody else holds it
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  let waited = false;
  while (!tryLock(path)) {
    const owner = readOrEmpty(path);
    if (owner !== '' && !isAlive(owner)) removeStale(path);
    else if (!waited && owner !== '') {
      waited = true;
      onWait(owner.split(' ')[0] ?? '');
    }
    await delay(POLL_MS);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

/** @param {string} path */
function tryLock(path) {
  try {
    writeFileSync(path, identityOf(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a dead owner's lock. The marker folder lets one process at a time look and remove, so that nobody removes
 * the lock that another has just taken.
 * @param {string} path
 */
function removeStale(path) {
  const marker = `${path}.takeover`;
  try {
    mkdirSync(marker);
  } catch {
    const age = Date.now() - (statSync(marker, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > TAKEOVER_STALE_MS) rmSync(marker, { recursive: true, force: true });
    return;
  }
  const owner = readOrEmpty(path);
  if (owner !== '' && !isAlive(owner)) rmSync(path, { force: true });
  rmdirSync(marker);
}

/**
 * Process id and, where /proc tells it, the start time: an id alone may have been given to another process since.
 * @param {number} pid
 */
function identityOf(pid) {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  // See proc(5). The name stands in parentheses and may contain blanks. The start time is field 22, the 20th after the
  // name.
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return started === undefined ? String(pid) : `${pid} ${started}`;
}

/** @param {string} identity */
function isAlive(identity) {
  const pid = Number(identity.split(' ')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return identityOf(pid) === identity;
}

/** @param {string} path */
function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

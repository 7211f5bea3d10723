import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { secretKeyOf } from './secret-key.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'styleflow-secret-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a data folder gets a key of its own at first, which stays, and which only its owner may read', () => {
  const key = secretKeyOf(folder);
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect(secretKeyOf(folder)).toBe(key);
  expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
  const other = mkdtempSync(join(tmpdir(), 'styleflow-secret-'));
  expect(secretKeyOf(other)).not.toBe(key);
  rmSync(other, { recursive: true });
});

it('a key that was interrupted while it was made is made anew', () => {
  writeFileSync(join(folder, 'secret.key.draft'), 'half', { mode: 0o644 });
  expect(Buffer.from(secretKeyOf(folder), 'base64')).toHaveLength(32);
  expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
});

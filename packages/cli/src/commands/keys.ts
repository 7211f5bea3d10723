import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { JobError } from '@styleflow/contracts';
import { fingerprintOf, newSigningKey, parseSigningKeys } from '@styleflow/evidence';
import { printable } from '@styleflow/runtime';
import { type Command, Option } from 'commander';

/** `styleflow keys new NAME`: makes a key and shows it this once, the API is given only its digest. `keys signing FILE`. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('keys for an API that asks for them');
  keys
    .command('new')
    .argument('<name>', 'who will use it: letters, digits, - and _')
    .addOption(new Option('--role <role>', 'what it may do').choices(['user', 'admin']).default('user'))
    .option('--json', 'answer as JSON')
    .description('print a new API key once, and the entry for STYLEFLOW_API_KEYS')
    .action((name: string, { role, json }: { role: string; json?: boolean }) => {
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
        throw new JobError('invalid_request', 'a key name has 1 to 64 letters, digits, - or _');
      }
      const key = `sf_${randomBytes(32).toString('base64url')}`;
      const entry = `${name}:${role}:sha256:${createHash('sha256').update(key).digest('hex')}`;
      const text = json
        ? JSON.stringify({ name, role, key, entry })
        : `key (shown once):  ${key}\nadd to the list:   STYLEFLOW_API_KEYS=${entry}`;
      process.stdout.write(`${text}\n`);
    });
  keys
    .command('signing')
    .argument('<file>', 'where the keys lie, or shall lie')
    .option('--json', 'answer as JSON')
    .description(
      'make a key that signs results, for STYLEFLOW_SIGNING_KEY; in a file that has one it retires the old one',
    )
    .action((file: string, { json }: { json?: boolean }) => {
      const { kid, fingerprint } = writeSigningKey(file);
      const text = json
        ? JSON.stringify({ file, kid, fingerprint })
        : `key          ${kid}\nfingerprint  ${fingerprint}\nset it       STYLEFLOW_SIGNING_KEY=${file} (API alone)`;
      process.stdout.write(`${text}\n`);
    });
}

/** Whole or not at all, and readable by its owner alone. */
function writeSigningKey(file: string): { kid: string; fingerprint: string } {
  let text: string;
  let kid: string;
  try {
    ({ text, kid } = newSigningKey(existsSync(file) ? readFileSync(file, 'utf8') : null, new Date()));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new JobError('invalid_request', `${printable(file)}: ${error.message}`);
  }
  const draft = `${file}.draft`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
  const [key] = parseSigningKeys(text).published;
  if (!key) throw new JobError('internal', 'the new key cannot be read');
  return { kid, fingerprint: fingerprintOf(key) };
}

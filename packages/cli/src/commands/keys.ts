import { createHash, randomBytes } from 'node:crypto';
import { JobError } from '@styleflow/contracts';
import { type Command, Option } from 'commander';

/** `styleflow keys new NAME`: makes a key and shows it this once. The API is given only its digest. */
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
}

import { ENTRY_STATES, type EntryState } from '@styleflow/contracts';
import { type Command, Option } from 'commander';
import { printEntries, printEntry, printQueues } from '../view/print-queues.js';
import { addClientFlags, type ClientFlags, connect } from './client-flags.js';
import { parsePageSize } from './parse-arguments.js';

interface ShowFlags extends ClientFlags {
  readonly state: EntryState;
  readonly limit: number;
  readonly cursor?: string;
}

/** `styleflow queues …`: shows the queues of a running API, pauses or resumes one, and takes garbage out. It needs an admin key. */
export function addQueues(program: Command): void {
  const queues = program.command('queues').description('look into the queues of a running API (admin key)');
  addClientFlags(queues.command('list', { isDefault: true }).description('queues with their counts')).action(
    async (flags: ClientFlags) => {
      const answer = await connect(flags).queues();
      show(answer, () => printQueues(answer.queues), flags);
    },
  );
  addClientFlags(queues.command('show').argument('<queue>', 'as `styleflow queues` names it'))
    .description('entries of one queue in one state')
    .addOption(new Option('--state <state>', 'which entries').choices(ENTRY_STATES).default('failed'))
    .option('--limit <n>', 'how many at most', parsePageSize, 50)
    .option('--cursor <cursor>', 'the next page, as the last one named it')
    .action(async (queue: string, { state, limit, cursor, ...flags }: ShowFlags) => {
      const page = await connect(flags).entries(queue, { state, limit, ...(cursor === undefined ? {} : { cursor }) });
      show(page, () => printEntries(page), flags);
    });
  addClientFlags(queues.command('entry').argument('<queue>').argument('<entry>', 'its id'))
    .description('everything about one entry: payload, failed attempts, children')
    .action(async (queue: string, id: string, flags: ClientFlags) => {
      const entry = await connect(flags).entry(queue, id);
      show(entry, () => printEntry(entry), flags);
    });
  addClientFlags(queues.command('remove').argument('<queue>').argument('<entry>', 'its id'))
    .description('take an entry out that nobody needs: garbage, or of a job that is over or gone')
    .action(async (queue: string, id: string, flags: ClientFlags) => {
      await connect(flags).removeEntry(queue, id);
      show({ queue, removed: id }, () => [`removed ${id} from ${queue}`], flags);
    });
  for (const [name, description] of [
    ['pause', 'workers end what they hold and take nothing more from the queue'],
    ['resume', 'let workers take from the queue again'],
  ] as const) {
    addClientFlags(queues.command(name).argument('<queue>').description(description)).action(
      async (queue: string, flags: ClientFlags) => {
        const client = connect(flags);
        const facts = name === 'pause' ? await client.pauseQueue(queue) : await client.resumeQueue(queue);
        show(facts, () => printQueues([facts]), flags);
      },
    );
  }
}

function show(answer: object, print: () => string[], { json }: ClientFlags): void {
  process.stdout.write(json === true ? `${JSON.stringify(answer)}\n` : `${print().join('\n')}\n`);
}

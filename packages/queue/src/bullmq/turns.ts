import type { Queue } from 'bullmq';
import type { RedisClient } from '../redis/connection.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';

const script = readScript('bullmq/take-turn');
const forgetScript = readScript('bullmq/forget-turns');

/** Whose entry it is, and how urgent among the owner's own, 9 first. Entries of a version that named no owner share one. */
export interface Claimant {
  readonly owner: string | undefined;
  readonly priority: number;
  /** Of equal priority a batch's entries come behind those of single jobs. */
  readonly ofBatch?: boolean | undefined;
  /** Entries that the owner gets in each turn, 1 to 100. */
  readonly weight?: number;
}

/**
 * The place of an entry that is about to be added, which becomes its priority in BullMQ: owners with entries waiting come in turn,
 * one entry each (or as many as the owner weighs), however many each of them has, and within a turn single jobs before batches (`lua/bullmq/take-turn.lua`). A turn that is not used is lost to its owner.
 */
export async function takeTurn(
  client: RedisClient,
  queue: Queue,
  id: string,
  { owner = '', priority, ofBatch = false, weight = 1 }: Claimant,
): Promise<number> {
  const keys = [recordKeys.turns(queue.name), queue.toKey('')];
  return Number(
    await runScript(client, script, keys, [id, recordKeys.safe(owner), priority, ofBatch ? '' : '1', weight]),
  );
}

/** Drops what the lists of turns still name and does not wait any more: else it would stay until somebody adds the next entry. */
export async function forgetTurns(client: RedisClient, queue: Queue): Promise<void> {
  await runScript(client, forgetScript, [recordKeys.turns(queue.name), queue.toKey('')], []);
}

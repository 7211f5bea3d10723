import { Cluster, type Redis } from 'ioredis';

/** Looks this often, while something is unanswered, whether anything has been answered since. */
const LOOK_EVERY_MS = 250;

/**
 * Breaks a connection on which commands wait and nothing at all has been answered for `silentMs`: the link may be cut without
 * a reset. What waited fails then.
 *
 * The silence is counted in looks, not by the clock: a process that is late itself (just started, thousands of calls at once,
 * stopped for a while) reads the answers that lie there between one look and the next. A limit for each command would fail
 * those whose answers have long come.
 */
export function watchSilence(client: Redis | Cluster, silentMs: number): void {
  if (client instanceof Cluster) client.on('+node', (node: Redis) => watchNode(node, silentMs));
  else watchNode(client, silentMs);
}

function watchNode(client: Redis, silentMs: number): void {
  const patience = Math.ceil(silentMs / LOOK_EVERY_MS);
  let unanswered = 0;
  let quietLooks = 0;
  let looking: NodeJS.Timeout | undefined;

  const look = (): void => {
    quietLooks += 1;
    if (quietLooks < patience) return;
    quietLooks = 0;
    client.disconnect(true);
  };
  const answered = (): void => {
    unanswered -= 1;
    quietLooks = 0;
    if (unanswered > 0) return;
    clearInterval(looking);
    looking = undefined;
  };

  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    const answer = send(command, stream);
    unanswered += 1;
    looking ??= setInterval(look, LOOK_EVERY_MS).unref();
    command.promise.then(answered, answered);
    return answer;
  };
}

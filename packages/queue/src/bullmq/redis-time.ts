import type { RedisClient } from '../redis/connection.js';

/**
 * BullMQ's scripts that compare, and where each expects the time (its place in ARGV): entries fall due, delays begin, and
 * starts and ends are noted by it.
 */
const TIMED_SCRIPTS: Readonly<Record<string, number>> = {
  moveToActive: 2,
  moveToDelayed: 2,
  moveToFinished: 2,
  retryJob: 2,
  moveStalledJobsToWait: 3,
};

/**
 * Makes BullMQ go by the clock of Redis. BullMQ sends its own wall clock along with each script: a worker whose clock is 31 days
 * ahead delays an entry for 31 days, and takes what others have delayed at once. Here the time is exchanged inside of Redis, in the
 * same step, and the one time that is answered (when the next entry falls due) is told in the asker's own, by which BullMQ waits.
 * BullMQ defines its scripts on the connection that it is given, once: call this before it is given to BullMQ.
 */
export function goByRedisTime<C extends RedisClient>(client: C): C {
  const define = client.defineCommand.bind(client);
  client.defineCommand = (command, definition) => {
    // `moveToActive:6.7.0`: BullMQ names its scripts with its version.
    const place = TIMED_SCRIPTS[command.split(':')[0] ?? ''];
    define(command, place === undefined ? definition : { ...definition, lua: withRedisTime(definition.lua, place) });
  };
  return client;
}

function withRedisTime(lua: string, place: number): string {
  return `
local given, time = tonumber(ARGV[${place}]), redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
ARGV[${place}] = string.format('%.0f', now)
local function script()
${lua}
end
local reply = script()
-- {entry or 0, its id, until the rate limit ends, when the next one falls due or 0}
if type(reply) == 'table' and #reply == 4 and tonumber(reply[4]) and tonumber(reply[4]) > 0 then
  reply[4] = reply[4] + given - now
end
return reply
`;
}

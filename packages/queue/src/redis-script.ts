import type { RedisClient } from './connection.js';

/** A Lua script that Redis runs as one step. Numbers of keys vary, so it is sent along with each call. */
export interface RedisScript {
  readonly name: string;
  readonly lua: string;
}

/** Runs a script (by its digest; the text travels only when the server does not know it). */
export function runScript(
  client: RedisClient,
  script: RedisScript,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  const name = `styleflow.${script.name}`;
  if (!Reflect.has(client, name)) client.defineCommand(name, { lua: script.lua });
  const command: unknown = Reflect.get(client, name);
  if (typeof command !== 'function') throw new TypeError(`${name} is no command`);
  return Promise.resolve(Reflect.apply(command, client, [keys.length, ...keys, ...args]));
}

import { readFileSync } from 'node:fs';
import type { RedisClient } from './connection.js';
import { LUA_CONSTANTS } from './lua-constants.js';

/** A Lua script that Redis runs as one step. Numbers of keys vary, so it is sent along with each call. */
export interface RedisScript {
  readonly name: string;
  readonly lua: string;
}

/** Beside `src` and `dist`: the same place for both. */
const LUA_FOLDER = new URL('../../lua/', import.meta.url);

const readLua = (name: string): string => readFileSync(new URL(`${name}.lua`, LUA_FOLDER), 'utf8');

/** The script `lua/NAME.lua`; those of the records stand behind the constants and `records/prelude.lua`. */
export function readScript(name: string): RedisScript {
  const before = name.startsWith('records/') ? `${LUA_CONSTANTS}${readLua('records/prelude')}` : '';
  return { name, lua: before + readLua(name) };
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

import { readFileSync } from 'node:fs';
import type { RedisClient } from './connection.js';
import { LUA_CONSTANTS } from './lua-constants.js';

/** A Lua script that Redis runs as one step. Each call passes its number of keys, because that varies. */
export interface RedisScript {
  readonly name: string;
  readonly lua: string;
}

/** The folder beside `src` and `dist`, so the path is the same from both. */
const LUA_FOLDER = new URL('../../lua/', import.meta.url);

const readLua = (name: string): string => readFileSync(new URL(`${name}.lua`, LUA_FOLDER), 'utf8');

/** What scripts of the records share, a concept a file, in an order in which each knows what stands before it. */
const PRELUDE = [
  'names',
  'secrets',
  'webhooks',
  'batch-counts',
  'single-jobs',
  'clip-counts',
  'batch-rows',
  'batch-end',
  'status',
  'usage',
  'events',
  'archive',
  'shadows',
];

/** Reads the script `lua/NAME.lua`. Scripts of the records get the constants and the prelude put before them. */
export function readScript(name: string): RedisScript {
  const before = name.startsWith('records/') ? LUA_CONSTANTS + prelude() : '';
  return { name, lua: before + readLua(name) };
}

let shared: string | null = null;

function prelude(): string {
  shared ??= PRELUDE.map((part) => readLua(`records/prelude/${part}`)).join('');
  return shared;
}

/** Runs a script by its digest. The text is sent only when the server does not know it. */
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

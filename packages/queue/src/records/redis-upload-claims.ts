import { JobError } from '@styleflow/contracts';
import { z } from 'zod';
import type { UploadClaims } from '../ports/upload-claims.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { type RedisScript, readScript, runScript } from '../redis/redis-script.js';
import { storedTooMuch } from './redis-job-records.js';

const openScript = readScript('records/open-upload');
const readUploadScript = readScript('records/read-upload');
const renewScript = readScript('records/renew-upload');
const closeScript = readScript('records/close-upload');

/** Until when, then what an API of the version before did not note. */
const ReadReply = z.tuple([z.coerce.number(), z.string().nullable(), z.string().nullable(), z.string().nullable()]);

/** Whose uploads are: an owner and a few facts an upload, which Redis forgets when it expires. */
export function redisUploadClaims(client: RedisClient): UploadClaims {
  const onUpload = (script: RedisScript, uploadId: string, args: (string | number)[]): Promise<unknown> => {
    const keys = [recordKeys.upload(uploadId), recordKeys.uploadFacts(uploadId)];
    return reachRedis(client, () => runScript(client, script, keys, args));
  };

  return {
    async openUpload({ uploadId, owner, bytes, expiresInSeconds, parts }, quota = {}) {
      const { openUploads, storedBytes } = quota;
      const limits = [openUploads ?? '', storedBytes ?? ''];
      const inParts = parts === undefined ? [] : ['ref', parts.ref, 'partBytes', parts.bytes];
      const args = [uploadId, owner, recordKeys.safe(owner), bytes, Math.ceil(expiresInSeconds), ...limits, ...inParts];
      const reply = await onUpload(openScript, uploadId, args);
      if (reply === 'bytes') throw storedTooMuch(storedBytes);
      if (reply === 'uploads') {
        throw new JobError('rate_limited', `This key has ${openUploads} open uploads already; submit them, or wait.`);
      }
    },

    async ownsUpload(uploadId, owner) {
      return (await reachRedis(client, () => client.get(recordKeys.upload(uploadId)))) === owner;
    },

    async readUpload(uploadId, owner) {
      const reply = await onUpload(readUploadScript, uploadId, [uploadId, owner, recordKeys.safe(owner)]);
      if (reply === null) return null;
      const [keptUntil, bytes, ref, partBytes] = ReadReply.parse(reply);
      const parts = ref === null ? null : { ref, bytes: Number(partBytes) };
      return { bytes: Number(bytes ?? 0), keptUntil: new Date(keptUntil), parts };
    },

    renewUpload: async (uploadId, owner, seconds) =>
      (await onUpload(renewScript, uploadId, [uploadId, owner, recordKeys.safe(owner), Math.ceil(seconds)])) === 1,

    closeUpload: async (uploadId, owner) =>
      (await onUpload(closeScript, uploadId, [uploadId, owner, recordKeys.safe(owner)])) === 1,

    async openAmong(uploadIds) {
      if (uploadIds.length === 0) return new Set();
      const owners = await reachRedis(client, () => client.mget(uploadIds.map((id) => recordKeys.upload(id))));
      return new Set(uploadIds.filter((_, at) => (owners[at] ?? null) !== null));
    },
  };
}

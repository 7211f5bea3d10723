import { z } from 'zod';
import { TimeSchema } from './job.js';

/** Most parts of one upload: the limit of S3. */
export const MAX_UPLOAD_PARTS = 10_000;

/** `POST /v1/uploads`; without a body, an upload of any length. */
export const UploadBodySchema = z.strictObject({
  bytes: z
    .int()
    .min(1)
    .optional()
    .describe('Length of the video: counted at once, and the only length that the address takes.'),
  parts: z
    .boolean()
    .optional()
    .describe('Send it in parts, several at once, going on after an interruption. Needs `bytes`.'),
});

const keptUntil = TimeSchema.describe('Until when it may be submitted; `renew` makes it later.');

const SignedPutShape = {
  url: z.string(),
  method: z.literal('PUT'),
  headers: z.record(z.string(), z.string()),
};

export const UploadAnswerSchema = z.object({
  uploadId: z.string(),
  ...SignedPutShape,
  expiresAt: TimeSchema.describe('Until when the address takes the video.'),
  /** Left out by an API of the version before. */
  keptUntil: keptUntil.optional(),
});
export type UploadAnswer = z.infer<typeof UploadAnswerSchema>;

/** An upload as it stands: `stored` once the store has the whole video, so that it may be submitted. */
export const UploadStateSchema = z.object({
  uploadId: z.string(),
  status: z.enum(['open', 'stored']),
  bytes: z.int().nullable().describe('Null where the length was not told.'),
  keptUntil,
  parts: z
    .object({
      count: z.int(),
      bytes: z.int().describe('Length of each part but the last.'),
      stored: z
        .array(z.tuple([z.int(), z.int()]))
        .describe('Ranges of the parts that are there, by their numbers from 1, both ends included.'),
    })
    .optional()
    .describe('Only of an upload in parts.'),
});
export type UploadState = z.infer<typeof UploadStateSchema>;

/** The query of `GET /v1/uploads/{id}/parts`. */
export const UploadPartsQuerySchema = z.strictObject({
  from: z.coerce.number().int().min(1).max(MAX_UPLOAD_PARTS).default(1).describe('The first part of the page.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** One page of addresses. A part may be sent again as long as the upload is open; the last one counts. */
export const UploadPartsSchema = z.object({
  parts: z.array(z.object({ part: z.int(), bytes: z.int(), ...SignedPutShape })),
  expiresAt: TimeSchema.describe('Until when the addresses take their parts; asked for again they are new.'),
  nextFrom: z.int().nullable(),
});
export type UploadParts = z.infer<typeof UploadPartsSchema>;

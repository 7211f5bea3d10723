import { damagedBytes, drawn } from '@styleflow/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJobError, printJobError } from './errors.js';
import { SubmitBodySchema } from './http.js';
import { FinishPayloadSchema, PreparePayloadSchema, ScorePayloadSchema } from './job-catalog.js';
import { bundleDigest, ModelBundleSchema } from './model-bundle.js';
import { UploadBodySchema } from './upload.js';

const SHA = 'a'.repeat(64);
const JOB = 'job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D';
const URL_SOURCE = { type: 'url', url: 'https://example.org/a.mp4' };

/** A valid value of each schema, which is then damaged. */
const DOCUMENTS = [
  [
    'a submission',
    SubmitBodySchema,
    { source: URL_SOURCE, options: { maxFrames: 110, priority: 5 }, metadata: { a: [1] } },
  ],
  ['a request for an upload', UploadBodySchema, { bytes: 1000 }],
  ['a payload of score', ScorePayloadSchema, { v: 1, job: JOB, run: 1, track: 0, clip: 2, keepCrops: false }],
  [
    'a payload of finish',
    FinishPayloadSchema,
    { v: 1, job: JOB, run: 3, trace: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` },
  ],
  [
    'a payload of prepare',
    PreparePayloadSchema,
    {
      ...{ v: 1, job: JOB, run: 1, source: URL_SOURCE, options: SubmitBodySchema.shape.options.parse(undefined) },
      bundle: { id: 'a@0123456789ab', digest: SHA },
    },
  ],
  [
    'bundle.json',
    ModelBundleSchema,
    {
      ...{
        format: 1,
        name: 'a',
        variant: 'content',
        trained: true,
        precision: 'fp32',
        clip: { frames: 32, size: 256 },
      },
      ...{ threshold: 0.2, calibration: { a: 1, b: 0 }, graph: 'styleflow.onnx', bytesPerClip: 1 },
      ...{ files: { 'styleflow.onnx': SHA }, source: [{ file: 'x.pth', sha256: SHA, role: 'content' }] },
      createdAt: '2026-01-01T00:00:00.000Z',
    },
  ],
] as const;

/** What JSON can hold, with keys that JavaScript treats in its own way. */
const anyJson = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(
    fc.constantFrom('__proto__', 'constructor', 'source', 'v', 'files', 'toString', 'options'),
    fc.jsonValue(),
  ),
);

describe.each(DOCUMENTS)('%s', (_what, schema, valid) => {
  it('is refused or read, and what was read is read again as the same, whatever is sent', () => {
    expect(schema.safeParse(valid).success).toBe(true);
    const text = Buffer.from(JSON.stringify(valid));
    // Most damages break the JSON, which others refuse; here one value becomes another.
    const fields = Object.keys(valid);
    const changed = fc
      .tuple(fc.constantFrom(...fields), fc.oneof(anyJson, fc.constant(undefined)))
      .map(([field, value]): unknown => ({ ...valid, [field]: value }));
    const damaged = damagedBytes(text).map(parsedOrText);
    fc.assert(
      fc.property(fc.oneof(changed, damaged, anyJson), (value) => {
        const read = schema.safeParse(value);
        if (!read.success) {
          expect(read.error.issues.length).toBeGreaterThan(0);
          return;
        }
        const again = schema.parse(JSON.parse(JSON.stringify(read.data)));
        expect(JSON.stringify(again)).toBe(JSON.stringify(read.data));
        if (schema === ModelBundleSchema)
          expect(bundleDigest(ModelBundleSchema.parse(value).files)).toMatch(/^[0-9a-f]{64}$/);
      }),
      drawn(2),
    );
  });
});

function parsedOrText(bytes: Buffer): unknown {
  const text = bytes.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

it('a failed reason of any text is an error, and printed it is read as the same', () => {
  const reason = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .tuple(
        fc.constantFrom('media_corrupt', 'internal', 'newer_code', 'constructor'),
        fc.constantFrom('', '!'),
        fc.string(),
      )
      .map(([code, mark, text]) => `${code}${mark}: ${text}`),
  );
  fc.assert(
    fc.property(reason, (text) => {
      const error = parseJobError(text);
      expect(parseJobError(printJobError(error))).toMatchObject({
        ...{ code: error.code, message: error.message, retryable: error.retryable },
      });
    }),
    drawn(5),
  );
});

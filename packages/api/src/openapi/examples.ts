interface Example {
  readonly summary: string;
  readonly value: unknown;
}

type Examples = Readonly<Record<string, Example>>;

/** Stands in examples for an upload that was made before. */
export const EXAMPLE_UPLOAD = 'upl_01JD0000000000000000000000';

/** Bodies that a reader can send as they are, by the name of the call and the type of the body. A test sends each. */
export const EXAMPLES: Readonly<Record<string, Readonly<Record<string, Examples>>>> = {
  submitJob: {
    'application/json': {
      address: {
        summary: 'A video by its address',
        value: { source: { type: 'url', url: 'https://videos.example.org/a.mp4' } },
      },
      wholeVideo: {
        summary: 'The whole video, the main face alone, with data of your own',
        value: {
          source: { type: 'url', url: 'https://videos.example.org/a.mp4' },
          options: { maxFrames: 0, faces: 'primary', priority: 9 },
          metadata: { case: '2026-117' },
        },
      },
      bucket: {
        summary: 'An object of a bucket that the operator has allowed',
        value: { source: { type: 's3', bucket: 'films', key: 'incoming/a.mp4' } },
      },
      upload: {
        summary: 'An upload made before, by POST /v1/uploads',
        value: { source: { type: 'upload', uploadId: EXAMPLE_UPLOAD } },
      },
    },
  },
  submitBatch: {
    'application/json': {
      items: {
        summary: 'Two videos with options for all',
        value: {
          options: { sampling: 'spread' },
          manifest: {
            items: [
              { id: 'first', source: 'https://videos.example.org/a.mp4' },
              { id: 'second', source: 'https://videos.example.org/b.mp4' },
            ],
          },
        },
      },
    },
    'text/csv': {
      rows: { summary: 'A table', value: 'id,source\nfirst,https://videos.example.org/a.mp4\n' },
    },
    'application/x-ndjson': {
      rows: { summary: 'One video a line', value: '{"id":"first","source":"https://videos.example.org/a.mp4"}\n' },
    },
  },
  openUpload: {
    'application/json': {
      whole: { summary: 'In one piece', value: { bytes: 1_000 } },
      parts: { summary: 'In parts, which survive an interruption', value: { bytes: 4_000, parts: true } },
    },
  },
  predict: {
    'application/json': {
      address: {
        summary: 'As the original service takes it',
        value: { file_path: 'https://videos.example.org/a.mp4' },
      },
    },
  },
};

/** For people who begin: from a video to proof of what was said of it. */
export const DESCRIPTION = `Submits videos, follows their jobs, reads verdicts and what proves them. Errors are RFC 9457 problems with a stable \`code\`.

A whole walk, with \`curl\`: \`API\` is where this page lies, \`ID\` comes with the first answer, and the second call answers as soon as the job has ended. Once the server has keys, add \`-H "Authorization: Bearer KEY"\`.

\`\`\`sh
API=http://127.0.0.1:8000
curl -X POST $API/v1/jobs -H 'Content-Type: application/json' -d '{"source":{"type":"url","url":"https://videos.example.org/a.mp4"}}'
curl -H 'Prefer: wait=60' $API/v1/jobs/ID
curl $API/v1/jobs/ID/result
curl -O $API/v1/jobs/ID/evidence.zip
\`\`\``;

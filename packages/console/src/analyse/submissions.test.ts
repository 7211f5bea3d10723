import type { StyleFlowClient } from '@styleflow/client/browser';
import { expect, it, vi } from 'vitest';

// The page's address is read when the module of the session is loaded.
vi.stubGlobal('window', { location: { href: 'http://localhost/' } });
const { addSubmissions, forgetAll, submissions } = await import('./submissions.js');

interface Held {
  readonly resolve: (job: { id: string }) => void;
  readonly reject: (error: Error) => void;
}

/** A client whose submissions end when they are told to. */
function heldClient() {
  const held: Held[] = [];
  const submitUrl = () => new Promise<{ id: string }>((resolve, reject) => held.push({ resolve, reject }));
  return { client: { jobs: { submitUrl } } as unknown as StyleFlowClient, held };
}

const urls = (...names: string[]) => names.map((name) => ({ url: `https://example.org/${name}.mp4` }));
const phases = () => submissions.get().map(({ phase }) => phase);

it('what ends late under an earlier key makes room for the next key, whose videos go out with that one alone', async () => {
  const [before, after] = [heldClient(), heldClient()];
  addSubmissions(before.client, urls('a', 'b', 'c'), {});
  expect(before.held).toHaveLength(2);
  forgetAll();
  expect(submissions.get()).toEqual([]);

  addSubmissions(after.client, urls('d'), {});
  expect(phases()).toEqual(['waiting']);
  for (const { resolve } of before.held) resolve({ id: 'job_of_the_earlier_key' });
  await vi.waitFor(() => expect(after.held).toHaveLength(1));
  after.held[0]?.resolve({ id: 'job' });
  await vi.waitFor(() => expect(phases()).toEqual(['submitted']));
  expect(before.held).toHaveLength(2);
  expect(submissions.get()[0]?.jobId).toBe('job');
});

it('what ends after a sign-out starts nothing', async () => {
  const { client, held } = heldClient();
  addSubmissions(client, urls('a', 'b', 'c'), {});
  forgetAll();
  for (const { reject } of held) reject(new Error('stopped'));
  await new Promise((done) => setTimeout(done));
  expect(held).toHaveLength(2);
});

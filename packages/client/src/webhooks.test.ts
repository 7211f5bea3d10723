import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { verifyWebhook } from './webhooks.js';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another secret of this many letters').toString('base64')}`;
const NOW = new Date('2026-01-02T03:04:05Z');
const BODY = JSON.stringify({ type: 'job.failed', timestamp: NOW.toISOString(), data: { job: 'job_1', name: 'ä' } });

/** A delivery as the reference library signs it. */
const signed = (secret = SECRET, body = BODY, at = NOW) => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
});
const verify = (
  headers: Parameters<typeof verifyWebhook>[1],
  body: string | Uint8Array = BODY,
  secret: string | string[] = SECRET,
) => verifyWebhook(body, headers, secret, { now: NOW });

describe('a delivery', () => {
  it('that the reference library signed is read, from text and bytes, with headers of any kind', async () => {
    const event = { id: 'msg_1', sentAt: NOW, type: 'job.failed', data: { job: 'job_1', name: 'ä' } };
    expect(await verify(signed())).toEqual(event);
    expect(await verify(new Headers(signed()), new TextEncoder().encode(BODY))).toEqual(event);
    expect(await verify({ ...signed(), 'webhook-signature': [`v2,x ${signed()['webhook-signature']}`] })).toEqual(
      event,
    );
  });

  it('may be signed with either secret while one replaces the other', async () => {
    expect((await verify(signed(OTHER), BODY, [SECRET, OTHER])).type).toBe('job.failed');
    await expect(verify(signed(OTHER))).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it.each([
    ['another body', signed(), `${BODY} `],
    ['another id', { ...signed(), 'webhook-id': 'msg_2' }, BODY],
    ['another time', { ...signed(), 'webhook-timestamp': String(NOW.getTime() / 1000 + 1) }, BODY],
    ['no signature', { ...signed(), 'webhook-signature': undefined }, BODY],
    ['a signature that is none', { ...signed(), 'webhook-signature': 'v1,%%% v1 x' }, BODY],
    ['a time that is none', { ...signed(), 'webhook-timestamp': '1e9' }, BODY],
    ['a time long past', signed(SECRET, BODY, new Date(NOW.getTime() - 301_000)), BODY],
    ['a time to come', signed(SECRET, BODY, new Date(NOW.getTime() + 301_000)), BODY],
  ])('with %s is refused', async (_, headers, body) => {
    await expect(verify(headers, body)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('that is signed and holds no event, or a secret that is none, is told apart', async () => {
    await expect(verify(signed(SECRET, '[]'), '[]')).rejects.toMatchObject({ code: 'internal' });
    await expect(verify(signed(), BODY, 'whsec_')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

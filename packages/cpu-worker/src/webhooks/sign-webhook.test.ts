import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { webhookHeaders } from './sign-webhook.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const BODY = '{"type":"job.failed","data":{"text":"ü"}}';

describe('the headers of a delivery', () => {
  it('are accepted by the reference library, for this body and id alone', () => {
    const headers = webhookHeaders({ id: 'job_1_1_job_failed', at: new Date(), body: BODY }, SECRET);
    expect(new Webhook(SECRET).verify(BODY, headers)).toEqual(JSON.parse(BODY));
    expect(() => new Webhook(SECRET).verify(`${BODY} `, headers)).toThrow();
    expect(() => new Webhook(SECRET).verify(BODY, { ...headers, 'webhook-id': 'another' })).toThrow();
  });

  it('sign what the convention says: id, seconds and body', () => {
    const at = new Date('2026-03-01T10:00:00.900Z');
    const headers = webhookHeaders({ id: 'msg', at, body: BODY }, SECRET);
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', key).update(`msg.1772359200.${BODY}`).digest('base64');
    expect(headers).toEqual({
      'webhook-id': 'msg',
      'webhook-timestamp': '1772359200',
      'webhook-signature': `v1,${expected}`,
    });
  });

  it('have no signature without a secret', () => {
    expect(Object.keys(webhookHeaders({ id: 'msg', at: new Date(), body: BODY }, null))).toEqual([
      'webhook-id',
      'webhook-timestamp',
    ]);
  });
});

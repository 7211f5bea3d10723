import { afterEach, describe, expect, it } from 'vitest';
import { type AdminServer, startAdminServer } from './admin-server.js';
import { metrics } from './metrics.js';
import { type Health, ProcessHealth, type Readiness } from './process-health.js';

const NOTHING = { ready: false, checks: {}, reasons: {} };
let server: AdminServer | undefined;
afterEach(() => server?.close());

async function start(health: Health, found: Partial<Readiness> = {}) {
  const readiness = async () => ({ health, ready: false, checks: {}, reasons: {}, ...found });
  server = await startAdminServer({ port: 0, host: '127.0.0.1', health: () => health, readiness });
  return `http://127.0.0.1:${server.port}`;
}

describe('the admin server', () => {
  it('is alive but has not started, nor is ready, while it starts', async () => {
    const url = await start('starting');
    const statuses = ['/healthz', '/startupz', '/readyz'].map(async (path) => (await fetch(`${url}${path}`)).status);
    expect(await Promise.all(statuses)).toEqual([200, 503, 503]);
  });

  it('is alive but not ready while it drains', async () => {
    const url = await start('draining');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/startupz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
  });

  it('names the setting where it cannot listen', async () => {
    const url = await start('ready');
    const facts = { health: () => 'ready' as const, readiness: async () => ({ ...NOTHING, health: 'ready' as const }) };
    const again = startAdminServer({ port: Number(new URL(url).port), host: '127.0.0.1', ...facts });
    await expect(again).rejects.toThrow(/^STYLEFLOW_ADMIN_PORT: port \d+ of 127.0.0.1 is in use/);
    const elsewhere = startAdminServer({ port: 0, host: '192.0.2.1', ...facts });
    await expect(elsewhere).rejects.toThrow(/^STYLEFLOW_ADMIN_HOST: 192.0.2.1 is no address of this machine/);
  });

  it('says what it cannot reach', async () => {
    const found = { checks: { redis: 'queue_unavailable', store: 'ok' }, reasons: { redis: 'Redis is away' } };
    const url = await start('ready', found);
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ health: 'ready', ready: false, ...found });
    // Liveness looks at nothing: a restart would not bring Redis back.
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('serves the metrics of the product and of the process', async () => {
    metrics.jobEnded('succeeded', '');
    const page = await (await fetch(`${await start('ready')}/metrics`)).text();
    expect(page).toMatch(/styleflow_jobs_total\{status="succeeded",code=""\} 1/);
    expect(page).toContain('process_resident_memory_bytes');
  });

  it('does not listen without a port', async () => {
    server = await startAdminServer({
      port: undefined,
      host: '127.0.0.1',
      health: () => 'ready',
      readiness: () => new ProcessHealth().readiness(),
    });
    expect(server.port).toBeNull();
  });
});

import { request, type RequestOptions } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Broadcast } from '../../src/dashboard/broadcast.js';
import { Dashboard } from '../../src/dashboard/dashboard.js';
import { DashboardServer, PORTS } from '../../src/dashboard/dashboard-server.js';
import { progress } from '../cli/display/shown-run.js';
import { listenTo } from './listener.js';

const HTML = '<!doctype html><title>page</title>';
const ENDING = { how: 'done', lines: ['Done at step 3'], path: 'a.safetensors' } as const;
const description = { corpus: 'text.txt', limits: 'step 3', options: [] };

const unexpected = (line: string) => {
  throw new Error(line);
};

async function openDashboard(port = 0): Promise<Dashboard> {
  const dashboard = await Dashboard.open(port, HTML, unexpected);
  onTestFinished(() => dashboard.end(ENDING));
  return dashboard;
}

/** A run that has begun, with a fraction of its steps of 400. */
function begin(dashboard: Dashboard): void {
  dashboard.begin({ description, fractionDone: ({ step }) => step / 400, before: undefined });
}

/** Status, headers and body of a request as it is given. */
function ask(address: string, options: RequestOptions): Promise<{ status?: number; headers: object; body: string }> {
  return new Promise((resolve, reject) => {
    request(address, { agent: false, ...options }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the server of the dashboard', () => {
  it('gives the page, and no more than its headers where only those are asked for', async () => {
    const { address } = await openDashboard();
    const page = await ask(address, {});
    expect(page).toMatchObject({ status: 200, body: HTML });
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'x-frame-options': 'DENY' });
    for (const path of ['/', '/events']) {
      expect(await ask(address, { method: 'HEAD', path })).toMatchObject({ status: 200, body: '' });
    }
  });

  it.each([
    'evil.example',
    'evil.example:6016',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '0.0.0.0',
    '10.0.0.1',
  ])('refuses a host of another name: %s', async (host) => {
    const { address } = await openDashboard();
    for (const path of ['/', '/events']) {
      const answer = await ask(address, { path, headers: { host } });
      expect(answer.status).toBe(403);
      expect(answer.body).not.toContain('<');
    }
  });

  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1:9000', '[::1]:6016'])(
    'takes its own names with any port, as through a tunnel: %s',
    async (host) => {
      const { address } = await openDashboard();
      expect((await ask(address, { headers: { host } })).status).toBe(200);
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('refuses the method %s', async (method) => {
    const { address } = await openDashboard();
    for (const path of ['/', '/events', '/else']) {
      expect(await ask(address, { method, path })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
  });

  it('has nothing at other paths', async () => {
    const { address } = await openDashboard();
    for (const path of ['/index.html', '/events/', '/..', '/%2e%2e/etc/passwd', '//', '/?a']) {
      expect((await ask(address, { path })).status).toBe(404);
    }
  });

  it('keeps what happens from pages of other sites, and lets none share it', async () => {
    const { address } = await openDashboard();
    for (const from of ['cross-site', 'same-site']) {
      expect((await ask(address, { path: '/events', headers: { 'sec-fetch-site': from } })).status).toBe(403);
      expect((await ask(address, { path: '/', headers: { 'sec-fetch-site': from } })).status).toBe(200);
    }
    const own = await ask(address, { method: 'HEAD', path: '/events', headers: { 'sec-fetch-site': 'same-origin' } });
    expect(own.status).toBe(200);
    expect(Object.keys(own.headers)).not.toContain('access-control-allow-origin');
  });

  it('listens at the loopback address alone', async () => {
    const { address } = await openDashboard();
    expect(new URL(address).hostname).toBe('127.0.0.1');
    const elsewhere = connect(Number(new URL(address).port), '127.0.0.2');
    await expect(once(elsewhere, 'connect')).rejects.toThrow('ECONNREFUSED');
  });

  it('takes the first free port, and refuses a given one that is in use in a line that says what to do', async () => {
    const first = await openDashboard();
    const second = await openDashboard();
    const [one, other] = [first, second].map(({ address }) => Number(new URL(address).port));
    expect(one).toBeGreaterThanOrEqual(PORTS.first);
    expect(other).toBeGreaterThan(one);
    expect(other).toBeLessThanOrEqual(PORTS.last);
    await expect(openDashboard(one)).rejects.toThrow(
      `--dashboard ${one} must be a free port of this machine, but it is in use; name another, or leave it out for the first free one`,
    );
  });

  it('refuses a run where all of its ports are in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const opened = DashboardServer.open(0, HTML, new Broadcast(), unexpected, { first: port, last: port });
    await expect(opened).rejects.toThrow(
      `--dashboard must have a free port, but those from ${port} to ${port} are all in use; name another: --dashboard 8080`,
    );
  });
});

describe('what browsers hear of a run', () => {
  it('is the same for all of them, whenever they come', async () => {
    const dashboard = await openDashboard();
    const early = await listenTo(dashboard.address);
    dashboard.reading(0.5);
    await early.until(({ activity }) => activity.what === 'reading' && activity.fraction === 0.5);
    begin(dashboard);
    dashboard.event({ ...progress(100), type: 'report' });
    dashboard.event({ type: 'sample', step: 100, text: 'ab\n\ncd' });
    dashboard.note('a line');
    await early.until(({ notes }) => notes.length === 1);
    const late = await listenTo(dashboard.address);
    const known = await late.until(() => true);
    expect(known).toMatchObject({ training: [[100, 1, 2.21428]], samples: [{ text: 'ab\n\ncd' }], notes: ['a line'] });
    dashboard.event({ ...progress(200), type: 'report' });
    const [one, other] = await Promise.all(
      [early, late].map((listener) => listener.until(({ training }) => training.length === 2)),
    );
    expect(one).toEqual(other);
    expect([early.counts.record, late.counts.record]).toEqual([1, 1]);
  });

  it('comes a few times a second, however much happens', async () => {
    const dashboard = await openDashboard();
    begin(dashboard);
    const listener = await listenTo(dashboard.address);
    await listener.until(() => true);
    for (let step = 1; step <= 1000; step++) dashboard.event({ ...progress(step), type: 'report' });
    await listener.until(({ training }) => training.length === 1000);
    expect(listener.counts).toEqual({ record: 1, change: 1 });
  });

  it('has what a resumed run did before, with times spread over the steps', async () => {
    const dashboard = await openDashboard();
    const before = {
      ...{ step: 200, elapsedSeconds: 10, best: { step: 100, natsPerChar: 2 } },
      training: [100, 200].map((step) => ({ step, natsPerChar: 300 / step })),
      validation: [{ step: 100, natsPerChar: 2 }],
    };
    dashboard.begin({ description, fractionDone: () => 0.5, before });
    const listener = await listenTo(dashboard.address);
    expect(await listener.until(() => true)).toMatchObject({
      training: [[100, 5, 3], [200, 10, 1.5]], // prettier-ignore
      validation: [[100, 5, 2]],
      best: [100, 5, 2],
      description: { resumedAt: { step: 200, time: 10 } },
    });
  });

  it('ends with how the run ended, at once', async () => {
    const dashboard = await openDashboard();
    begin(dashboard);
    const { address } = dashboard;
    const listeners = await Promise.all([1, 2, 3].map(() => listenTo(address)));
    await Promise.all(listeners.map(({ until }) => until(() => true)));
    dashboard.event({ ...progress(3), type: 'report' });
    await dashboard.end(ENDING);
    for (const { ended } of listeners) expect(await ended).toMatchObject({ ending: ENDING, numbers: { step: 3 } });
    await expect(ask(address, {})).rejects.toThrow('ECONNREFUSED');
    await dashboard.end({ ...ENDING, how: 'failed' });
  });

  it('cannot keep the run from ending by not being read', async () => {
    const dashboard = await openDashboard();
    const stuck = await stuckListener(dashboard.address);
    await dashboard.end(ENDING);
    stuck.resume();
    await once(stuck, 'close');
  });

  it('refuses more pages than it can serve, and has room again when some have gone', async () => {
    const dashboard = await openDashboard();
    const many = await Promise.all(Array.from({ length: 32 }, () => stuckListener(dashboard.address)));
    expect((await ask(dashboard.address, { path: '/events' })).status).toBe(503);
    many[0].destroy();
    const answers = async () => (await ask(dashboard.address, { method: 'HEAD', path: '/events' })).status;
    await expect.poll(answers).toBe(200);
  });

  it('is dropped for a browser that does not read, long before that costs memory, and whole when it comes back', async () => {
    const broadcast = new Broadcast(0);
    const server = await DashboardServer.open(0, HTML, broadcast, unexpected);
    onTestFinished(() => server.close());
    const stuck = await stuckListener(server.address);
    const good = await listenTo(server.address);
    const corpus = 'x'.repeat(1_000_000);
    for (let count = 1; count <= 40; count++) {
      broadcast.change({ description: { ...description, corpus, resumedAt: null }, notes: [`${count}`] });
      await good.until(({ notes }) => notes.length === count);
    }
    let bytes = 0;
    stuck.on('data', (chunk: Buffer) => (bytes += chunk.length)).resume();
    await once(stuck, 'close');
    expect(bytes).toBeLessThan(20e6);
    const back = await listenTo(server.address);
    expect((await back.until(() => true)).notes).toHaveLength(40);
  });
});

/** A connection that asks for what happens and reads none of it. */
async function stuckListener(address: string): Promise<Socket> {
  const { port, host } = new URL(address);
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`GET /events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await once(socket, 'readable');
  socket.pause();
  await sleep(0);
  return socket;
}

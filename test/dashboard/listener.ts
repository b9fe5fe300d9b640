import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import { applyChange, type Change, type RunRecord } from '../../src/dashboard/record.js';

/** What a browser would know of a run. */
export interface Listener {
  /** Resolves with the record as soon as the condition holds; rejects when the connection ends before. */
  until: (condition: (record: RunRecord) => boolean) => Promise<RunRecord>;
  /** Resolves with the last record when the server has ended the connection. */
  ended: Promise<RunRecord | undefined>;
  /** How often the whole record came, and how often changes. */
  counts: { record: number; change: number };
}

/** Listens to a dashboard as its page does, until the test has ended. @param address of the page. */
export async function listenTo(address: string): Promise<Listener> {
  const request = get(`${address}events`, { agent: false });
  onTestFinished(() => void request.destroy());
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`refused with ${response.statusCode}`);
  const counts = { record: 0, change: 0 };
  let record: RunRecord | undefined;
  const wake = new Set<() => void>();
  const take = (message: string) => {
    const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(message) ?? [];
    if (event === 'record') record = JSON.parse(data) as RunRecord;
    else if (event === 'change' && record) applyChange(record, JSON.parse(data) as Change);
    else throw new Error(`a message out of place: ${message.slice(0, 100)}`);
    counts[event]++;
    wake.forEach((look) => look());
  };
  const ended = readMessages(response, take).then(() => record);
  // A test that has ended aborts it.
  ended.catch(() => undefined);
  const until = (condition: (record: RunRecord) => boolean) =>
    new Promise<RunRecord>((resolve, reject) => {
      const look = () => record && condition(record) && resolve(record);
      wake.add(look);
      ended.then(() => reject(new Error('the connection has ended')), reject);
      look();
    });
  return { until, ended, counts };
}

async function readMessages(body: IncomingMessage, take: (message: string) => void): Promise<void> {
  let rest = '';
  for await (const text of body.setEncoding('utf8')) {
    const messages = (rest + (text as string)).split('\n\n');
    rest = messages.pop() ?? '';
    messages.forEach(take);
  }
}

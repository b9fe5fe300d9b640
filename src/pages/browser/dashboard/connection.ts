import { applyChange, type Change, type RunRecord } from '../../../dashboard/record.js';

/** How the page is connected to its run; `over` once that has ended, when nothing more can come. */
export type Link = 'connecting' | 'live' | 'lost' | 'over';

/** Silence after which a connection counts as lost, in milliseconds: the server is heard every ten seconds at least. */
const SILENCE_MS = 35_000;

/** Time between attempts to connect, in milliseconds. */
const RETRY_MS = 2000;

/**
 * Keeps a record of the run up to date for as long as there is something to hear, whatever happens to the connection.
 * @param show hears of every change.
 */
export function follow(show: (record: RunRecord | undefined, link: Link) => void): void {
  let record: RunRecord | undefined;
  let source: EventSource | undefined;
  let lastHeard = Date.now();

  const heard = (update: () => void) => {
    lastHeard = Date.now();
    update();
    const isOver = record?.ending != null;
    if (isOver) stop();
    show(record, isOver ? 'over' : 'live');
  };
  const stop = () => {
    source?.close();
    clearInterval(watch);
  };
  const connect = () => {
    source?.close();
    lastHeard = Date.now();
    source = new EventSource('events');
    listen(source, 'record', (data) => heard(() => (record = data as RunRecord)));
    listen(source, 'change', (data) => heard(() => record && applyChange(record, data as Change)));
    listen(source, 'alive', () => heard(() => undefined));
    source.addEventListener('error', () => {
      show(record, record ? 'lost' : 'connecting');
      // Browsers try again by themselves, but some give up where nobody answers.
      if (source?.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS);
    });
  };
  const watch = setInterval(() => {
    if (Date.now() - lastHeard < SILENCE_MS) return;
    show(record, 'lost');
    connect();
  }, RETRY_MS);
  connect();
}

function listen(source: EventSource, name: string, take: (data: unknown) => void): void {
  source.addEventListener(name, ({ data }: MessageEvent<string>) => take(JSON.parse(data)));
}

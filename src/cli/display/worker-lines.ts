import type { WorkerRequest } from '../../cluster/worker.js';
import type { SessionNews } from '../../cluster/session.js';

/** "waiting for training runs at 127.0.0.1:7077, with 2 threads; Ctrl-C ends this worker" */
export function describeListening({ host, port, threads }: Pick<WorkerRequest, 'host' | 'port' | 'threads'>): string {
  const count = threads === 1 ? '1 thread' : `${threads} threads`;
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return `waiting for training runs at ${address}, with ${count}; Ctrl-C ends this worker`;
}

/** What has become of a trainer, in a line. @param trainer its address. */
export function describeNews(trainer: string, news: SessionNews): string {
  if ('started' in news) {
    const { hiddenSize, batchSize, seqLength, shards } = news.started;
    return `${trainer} trains: ${hiddenSize} hidden units, windows of ${seqLength}, ${batchSize} streams in ${shards} shards`;
  }
  return `${trainer} has gone after ${news.parts} windows: ${news.ended}`;
}

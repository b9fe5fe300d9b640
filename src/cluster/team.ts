import type { Division } from '../model/tensor/partial-window.js';
import { type Span } from '../model/tensor/shards.js';
import type { WorkerLink } from './worker-link.js';

/** A worker in a run, and how many threads it has. */
export interface Member {
  readonly link: WorkerLink;
  readonly threads: number;
}

/** Who computes which shards: this process the first ones, then the workers that are there, each some in a row. */
export interface Assignment {
  /** Undefined where there are fewer shards than threads before. */
  readonly own: Span | undefined;
  readonly others: readonly { readonly member: Member; readonly part: Span }[];
}

/**
 * Shares shards out by threads. They stay the same shards whoever computes them, so that the numbers do.
 * @param ownThreads of this process; @param members those that are there.
 */
export function assign(
  { shards }: Pick<Division, 'shards'>,
  ownThreads: number,
  members: readonly Member[],
): Assignment {
  const threads = [ownThreads, ...members.map((member) => member.threads)];
  const total = threads.reduce((sum, count) => sum + count, 0);
  let before = 0;
  const parts = threads.map((count): Span => {
    const first = Math.round((before * shards) / total);
    before += count;
    return { first, end: Math.round((before * shards) / total) };
  });
  const [own, ...others] = parts.map((part) => (part.end > part.first ? part : undefined));
  return {
    own,
    others: members.flatMap((member, i) => {
      const part = others[i];
      return part ? [{ member, part }] : [];
    }),
  };
}

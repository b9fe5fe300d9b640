// A process of `worker` that serves one trainer: it is given the connection, and ends with it.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { applySettings } from '../backends/tensorflow/threads.js';
import type { Division } from '../model/tensor/partial-window.js';
import { ArrayCollector } from '../system/garbage.js';
import { Channel } from './channel.js';
import { FRAME, type Frame } from './frames.js';
import { bytesOf, EXTRAS, readWork, resultSizes, stateSizes, sumSizes, workSizes } from './layout.js';
import { identity, JSON_LIMIT, LONGEST_REASON, mismatchOf, readIdentity, readStart, type Start } from './messages.js';
import type { ThreadAnswer, ThreadRequest, ThreadTask } from './compute-thread.js';

/** What a session is given. */
export interface SessionRequest {
  /** Descriptor of its connection, which nothing has read from. */
  readonly fd: number;
  readonly threads: number;
}

/** What it tells the worker: what is computed, and at the end how many parts were and why it ended. */
export type SessionNews = { readonly started: Start } | { readonly ended: string; readonly parts: number };

/** Longest time until the first words of a trainer, ms: another program may have come to the wrong port. */
const HELLO_MS = 5000;
const BEAT_MS = 1000;

/** The window that is computed, and the next. */
const MOST_WINDOWS = 2;

class Session {
  readonly #channel: Channel;
  /** The kinds of frames that may come now. */
  #expects: readonly (keyof typeof FRAME)[] = ['hello'];
  #division: Division | undefined;
  #thread: Worker | undefined;
  #parts = 0;
  /** Bytes of the results that are still to be sent, and of the rests that are still to come: a window each. */
  readonly #results: number[] = [];
  readonly #rests: number[] = [];
  readonly #arrays = new ArrayCollector();
  readonly #silence: NodeJS.Timeout;

  constructor(
    fd: number,
    private readonly threads: number,
  ) {
    this.#channel = Channel.of(fd, {
      limit: (kind) => this.#limit(kind),
      frame: (frame) => this.#frame(frame),
      ended: (why) => tell({ ended: why, parts: this.#parts }),
    });
    this.#silence = setTimeout(() => this.#channel.end('no trainer spoke'), HELLO_MS);
  }

  #limit(kind: number): number {
    const isExpected = this.#expects.some((name) => FRAME[name] === kind);
    if (kind === FRAME.rest) return isExpected ? this.#rests[0] : 0;
    if (kind !== FRAME.work && kind !== FRAME.state) return JSON_LIMIT;
    // Before TensorFlow is loaded it is not known whether so much fits into memory.
    if (!isExpected || !this.#division) return 0;
    const all = { first: 0, end: this.#division.shards };
    return bytesOf(kind === FRAME.state ? stateSizes(this.#division) : workSizes(all, this.#division, EXTRAS));
  }

  #frame({ kind, content }: Frame): void {
    const name = this.#expects.find((each) => FRAME[each] === kind);
    if (!name) throw new Error(`a frame of kind ${kind} came where ${this.#expects.join(' or ') || 'nothing'} must`);
    this.#expects = [];
    if (name === 'hello') this.#greet(content);
    else if (name === 'start') this.#start(readStart(content));
    else if (name === 'state') this.#pass({ kind: name, content }, ['work']);
    else if (name === 'work') this.#work(content);
    else this.#rest(content);
  }

  #greet(content: Uint8Array): void {
    clearTimeout(this.#silence);
    const mismatch = mismatchOf(identity(), readIdentity(content));
    if (mismatch !== undefined) return this.#refuse(mismatch);
    this.#expects = ['start'];
    setInterval(() => void this.#channel.send(FRAME.beat), BEAT_MS);
    void this.#channel.sendJson(FRAME.welcome, { ...identity(), threads: this.threads });
  }

  #start(start: Start): void {
    const { shards, oneDnn, ...config } = start;
    if (shards > config.batchSize) throw new Error(`${config.batchSize} streams cannot be cut into ${shards} shards`);
    this.#division = { config, shards };
    tell({ started: start });
    // As one process with as many shards: a thread each.
    applySettings({ intraOpThreads: 1, interOpThreads: this.threads, oneDnn, reason: '' });
    this.#thread = startThread({ division: this.#division, threads: this.threads });
    this.#thread.on('message', (answer: ThreadAnswer) => this.#answer(answer));
    this.#thread.on('error', (error) => this.#refuse(error.message));
  }

  #answer(answer: ThreadAnswer): void {
    if ('refusal' in answer) return this.#refuse(answer.refusal);
    if ('failure' in answer) return this.#refuse(answer.failure);
    if ('result' in answer) return this.#send(answer.result);
    if ('done' in answer) return this.#channel.reuse(answer.done);
    this.#expects = ['state'];
    void this.#channel.send(FRAME.ready);
  }

  #send(pieces: readonly Float32Array[]): void {
    const bytes = this.#results.shift() ?? 0;
    void this.#channel.send(FRAME.result, ...pieces);
    this.#parts++;
    this.#arrays.count(bytes);
    this.#expectMore();
  }

  #work(content: Uint8Array<ArrayBuffer>): void {
    if (!this.#division) throw new Error('work came before a start');
    const { part, rest } = readWork(content, this.#division);
    this.#results.push(bytesOf(resultSizes(part, this.#division)));
    this.#rests.push(bytesOf(sumSizes(rest, this.#division)));
    this.#pass({ kind: 'work', content }, []);
    this.#expectMore();
  }

  #rest(content: Uint8Array<ArrayBuffer>): void {
    this.#rests.shift();
    this.#pass({ kind: 'rest', content }, []);
    this.#expectMore();
  }

  /** The trainer may ask for one window ahead, so that its work is here when it can be begun. */
  #expectMore(): void {
    const [results, rests] = [this.#results.length, this.#rests.length];
    const expects: (keyof typeof FRAME)[] = results < MOST_WINDOWS && rests < MOST_WINDOWS ? ['work'] : [];
    if (rests > 0) expects.push('rest');
    if (results + rests === 0) expects.push('state');
    this.#expects = expects;
  }

  /** Gives the thread what it is to do next. */
  #pass(task: ThreadTask, expects: readonly (keyof typeof FRAME)[]): void {
    this.#expects = expects;
    this.#thread?.postMessage(task, [task.content.buffer]);
  }

  #refuse(reason: string): void {
    void this.#channel.finish(FRAME.refusal, { reason: reason.slice(0, LONGEST_REASON) });
  }
}

function startThread(request: ThreadRequest): Worker {
  const ending = extname(import.meta.url);
  const program = new URL(`compute-thread${ending}`, import.meta.url);
  if (ending === '.js') return new Worker(program, { workerData: request });
  // Where this program runs from its source, through tsx, a thread of it does not by itself.
  const script = `import('tsx/esm/api').then(({ register }) => (register(), import('${program.href}')))`;
  return new Worker(script, { eval: true, workerData: request });
}

function tell(news: SessionNews): void {
  process.send?.(news);
}

process.once('message', ({ fd, threads }: SessionRequest) => new Session(fd, threads));
// The worker itself has ended, however it did.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

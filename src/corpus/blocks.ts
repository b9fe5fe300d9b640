import { constants, createReadStream, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Socket } from 'node:net';
import { addAbortSignal, pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { readError } from './read-error.js';
import type { TextFile } from './texts.js';

/** Bytes read at once. */
const BLOCK_BYTES = 1 << 20;

/** Bytes that come out of the decompression at once. */
const UNZIPPED_BYTES = 1 << 18;

/** What a text is read with. */
export interface BlockOptions {
  /** What `-` stands for. */
  readonly stdin: Readable;
  /** Called with the number of bytes read from the disk. */
  readonly onRead: (bytes: number) => void;
  /** Ends the wait for bytes of a stream that may never come. It is not looked at for plain files: the caller must. */
  readonly signal: AbortSignal | undefined;
}

/**
 * The bytes of a text in blocks, decompressed if it is a .gz. A block must be used before the next one is asked for.
 * @throws UserError for what cannot be read, and the signal's reason.
 */
export async function* blocksOf(text: TextFile, { stdin, onRead, signal }: BlockOptions): AsyncGenerator<Uint8Array> {
  try {
    if (text.path !== undefined && !text.gzip && !text.pipe) yield* fileBlocks(text.path, onRead);
    else yield* (text.gzip ? unzippedBlocks : streamBlocks)(streamOf(text, stdin, signal), onRead);
  } catch (error) {
    throw signal?.aborted ? signal.reason : readError(error, text.name);
  }
}

/** Reads the next block while the last one is being worked on, into two buffers in turn. */
async function* fileBlocks(path: string, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  // In full, because Plug'n'Play's files read nothing without a length.
  const next = (into: Uint8Array) => file.read(into, 0, into.length, null);
  let pending: Promise<{ bytesRead: number; buffer: Uint8Array }> | undefined;
  try {
    let [current, other] = [new Uint8Array(BLOCK_BYTES), new Uint8Array(BLOCK_BYTES)];
    pending = next(current);
    for (;;) {
      const { bytesRead } = await pending;
      if (bytesRead === 0) return;
      const block = current.subarray(0, bytesRead);
      [current, other] = [other, current];
      pending = next(current);
      // Whoever stops early never waits for it.
      pending.catch(() => undefined);
      onRead(bytesRead);
      yield block;
    }
  } finally {
    await pending?.catch(() => undefined);
    await file.close();
  }
}

async function* unzippedBlocks(packed: Readable, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  packed.on('data', (chunk: Uint8Array) => onRead(chunk.length));
  // An error of either reaches the reader of the last one.
  const unzipped = pipeline(packed, createGunzip({ chunkSize: UNZIPPED_BYTES }), () => undefined);
  yield* unzipped as AsyncIterable<Uint8Array>;
}

async function* streamBlocks(stream: Readable, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const block of stream as AsyncIterable<Uint8Array>) {
    onRead(block.length);
    yield block;
  }
}

function streamOf({ path, pipe }: TextFile, stdin: Readable, signal: AbortSignal | undefined): Readable {
  const stream =
    path === undefined ? stdin : pipe ? openPipe(path) : createReadStream(path, { highWaterMark: BLOCK_BYTES });
  return signal ? addAbortSignal(signal, stream) : stream;
}

/**
 * Without O_NONBLOCK, a thread of Node's waits for a writer, and for what it writes: nothing can end that, not even
 * `process.exit`. On other systems a pipe without a writer yet looks like one that has ended.
 */
function openPipe(path: string): Readable {
  if (process.platform !== 'linux') return createReadStream(path);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

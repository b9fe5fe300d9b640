import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { readError } from './read-error.js';
import type { TextFile } from './texts.js';

/** Bytes read at once. */
const BLOCK_BYTES = 1 << 20;

/** Bytes that come out of the decompression at once. */
const UNZIPPED_BYTES = 1 << 18;

/**
 * The bytes of a text in blocks, decompressed if it is a .gz. A block must be used before the next one is asked for.
 * @param consumed told of bytes read from the disk; @throws UserError for what cannot be read.
 */
export async function* blocksOf(
  text: TextFile,
  stdin: Readable,
  consumed: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  try {
    if (text.path === undefined) yield* stdinBlocks(stdin, consumed);
    else yield* text.gzip ? unzippedBlocks(text.path, consumed) : fileBlocks(text.path, consumed);
  } catch (error) {
    throw readError(error, text.name);
  }
}

/** Reads the next block while the last one is being worked on, into two buffers in turn. */
async function* fileBlocks(path: string, consumed: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  let pending: Promise<{ bytesRead: number; buffer: Uint8Array }> | undefined;
  try {
    let [current, other] = [new Uint8Array(BLOCK_BYTES), new Uint8Array(BLOCK_BYTES)];
    pending = file.read(current);
    for (;;) {
      const { bytesRead } = await pending;
      if (bytesRead === 0) return;
      const block = current.subarray(0, bytesRead);
      [current, other] = [other, current];
      pending = file.read(current);
      // Whoever stops early never waits for it.
      pending.catch(() => undefined);
      consumed(bytesRead);
      yield block;
    }
  } finally {
    await pending?.catch(() => undefined);
    await file.close();
  }
}

async function* unzippedBlocks(path: string, consumed: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: BLOCK_BYTES });
  file.on('data', (chunk) => consumed(chunk.length));
  // An error of either reaches the reader of the last one.
  const unzipped = pipeline(file, createGunzip({ chunkSize: UNZIPPED_BYTES }), () => undefined);
  yield* unzipped as AsyncIterable<Uint8Array>;
}

async function* stdinBlocks(stdin: Readable, consumed: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const block of stdin as AsyncIterable<Uint8Array>) {
    consumed(block.length);
    yield block;
  }
}

import { fstatSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import * as v from 'valibot';
import { parseJson } from '../system/parse-json.js';
import type { Segment } from './symbol-file.js';
import { CODE_POINTS } from './code-points.js';

/*
 * An entry of the cache: MAGIC, the symbols in segments, a description as JSON, its length (8 bytes, little-endian),
 * MAGIC. The description comes last because it is known only at the end of the text; a file that was cut off has none.
 */

/** Begins and ends an entry; its version rises when the meaning changes; older entries are then replaced. */
export const MAGIC = Buffer.from('min-char-rnn v2\n');
const TAIL_BYTES = 8 + MAGIC.length;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const descriptionSchema = v.object({
  endianness: v.literal(endianness()),
  sources: v.array(v.object({ path: v.string(), stamp: v.string() })),
  text: v.object({
    encoding: v.picklist(['utf-8', 'bytes']),
    hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    length: count,
    symbols: v.array(count),
    counts: v.array(count),
    firstPositions: v.array(count),
  }),
  segments: v.array(v.object({ width: v.picklist([1, 2, 4]), start: count, offset: count })),
});

/** What an entry says about its symbols. */
export type Description = v.InferOutput<typeof descriptionSchema>;

/** The bytes that end an entry. */
export function encodeDescription(description: Description): Uint8Array {
  const json = Buffer.from(JSON.stringify(description));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([json, size, MAGIC]);
}

/** The description at the end of an entry; undefined for a file that is not whole or not one of these. */
export function readDescription(fd: number): Description | undefined {
  const { size } = fstatSync(fd);
  if (size < MAGIC.length + TAIL_BYTES) return undefined;
  const head = readAt(fd, 0, MAGIC.length);
  const tail = readAt(fd, size - TAIL_BYTES, TAIL_BYTES);
  if (!head.equals(MAGIC) || !tail.subarray(8).equals(MAGIC)) return undefined;
  const length = Number(tail.readBigUInt64LE());
  const start = size - TAIL_BYTES - length;
  if (start < MAGIC.length) return undefined;
  const description = parseJson(descriptionSchema, readAt(fd, start, length).toString());
  return description && isConsistent(description, start) ? description : undefined;
}

function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readSync(fd, bytes, 0, length, position);
  return bytes;
}

/** Whether the segments fill the file up to `end`, and the statistics can be those of such a text. */
function isConsistent({ text, segments }: Description, end: number): boolean {
  return fills(segments, text.length, end) && couldBeOf(text);
}

/** Whether segments follow one another without gaps. */
function fills(segments: readonly Segment[], length: number, end: number): boolean {
  const endOf = ({ width, start, offset }: Segment, next: number) => offset + (next - start) * width;
  let [symbol, offset] = [0, MAGIC.length];
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1]?.start ?? length;
    if (segment.start !== symbol || segment.offset !== offset || next <= symbol) return false;
    [symbol, offset] = [next, endOf(segment, next)];
  }
  return offset === end && symbol === length;
}

/** Whether each symbol is one of the encoding and comes once, and the counts add up to the text. */
function couldBeOf({ encoding, symbols, counts, firstPositions, length }: Description['text']): boolean {
  const most = encoding === 'bytes' ? 0x100 : CODE_POINTS;
  const total = counts.reduce((sum, times) => sum + times, 0);
  return (
    total === length &&
    counts.length === symbols.length &&
    firstPositions.length === symbols.length &&
    new Set(symbols).size === symbols.length &&
    symbols.every((symbol) => symbol < most)
  );
}

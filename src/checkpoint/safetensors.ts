import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { endianness } from 'node:os';
import { UserError } from '../errors.js';
import { DamagedFile } from '../system/bounded-json.js';
import { inGiB, memoryOfMachine } from '../system/memory.js';
import { LENGTH_BYTES, decodeHeader, encodeHeader, headerLength } from './safetensors-header.js';
import type { NamedTensor } from './safetensors-header.js';

export type { NamedTensor } from './safetensors-header.js';

/**
 * Writes tensors and text as the bytes of one safetensors file, bit for bit: NaN payloads, -0 and subnormals included.
 *
 * Layout: header length (8 bytes), JSON header padded with spaces to 8 bytes, then the values of each tensor in the map's
 * order, all little-endian on every machine. Source: https://huggingface.co/docs/safetensors/index#format.
 * @throws {RangeError} a shape that does not match its values, a tensor called `__metadata__`, text with half a
 * surrogate pair, or a header longer than the reader takes.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header = encodeHeader(tensors, metadata);
  let offset = LENGTH_BYTES + header.length;
  const dataBytes = [...tensors.values()].reduce((sum, { values }) => sum + values.byteLength, 0);
  const bytes = new Uint8Array(offset + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, LENGTH_BYTES);
  for (const { values } of tensors.values()) {
    bytes.set(bytesOf(values), offset);
    offset += values.byteLength;
  }
  swapToLittleEndian(bytes.subarray(LENGTH_BYTES + header.length));
  return bytes;
}

/** What a safetensors file holds; `metadata` has no prototype. */
export interface SafetensorsContents {
  /** In the order of their data. */
  tensors: Map<string, NamedTensor>;
  metadata: Record<string, string>;
}

/**
 * Reads the bytes of a safetensors file whose tensors are all F32, each with values of its own. Takes the size of the
 * data in memory and never more than the file has.
 * @param fileName what messages call the file.
 * @throws {UserError} one line, for anything that the format forbids and for any other dtype.
 */
export function decodeSafetensors(bytes: Uint8Array, fileName: string): SafetensorsContents {
  try {
    const headerEnd = LENGTH_BYTES + headerLength(bytes, bytes.length);
    const { metadata, spans } = decodeHeader(bytes.subarray(LENGTH_BYTES, headerEnd), bytes.length);
    const data = bytes.subarray(headerEnd);
    const tensors = spans.map(({ name, shape, begin, end }) => {
      return [name, { shape, values: floatsFrom(data.subarray(begin, end)) }] as const;
    });
    return { tensors: new Map(tensors), metadata };
  } catch (error) {
    throw asUserError(error, fileName);
  }
}

/**
 * As {@link decodeSafetensors}, from a file, whose tensors are read straight to their place: it takes little more
 * memory than the file's size. Nothing of the data is read before the header has passed every check.
 * @throws {UserError} as there, and for what is not a plain file; system errors as they are.
 */
export async function readSafetensors(path: string): Promise<SafetensorsContents> {
  // A pipe is opened at once, to be refused, rather than when another process writes to it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    // A device can be endless, and a pipe does not know its length.
    if (!stat.isFile()) throw new UserError(`${path}: it must be a plain file, but is not; check the path`);
    const length = headerLength(await readAt(file, 0, Math.min(LENGTH_BYTES, stat.size)), stat.size);
    const header = decodeHeader(await readAt(file, LENGTH_BYTES, length), stat.size);
    const memory = memoryOfMachine();
    if (stat.size > memory) {
      throw new UserError(
        `${path}: it must fit into memory, but has ${inGiB(stat.size)}, and this machine ${inGiB(memory)}; use a larger machine`,
      );
    }
    const tensors = new Map<string, NamedTensor>();
    for (const { name, shape, begin, end } of header.spans) {
      const bytes = await readAt(file, header.dataStart + begin, end - begin);
      swapToLittleEndian(bytes);
      tensors.set(name, { shape, values: new Float32Array(bytes.buffer) });
    }
    return { tensors, metadata: header.metadata };
  } catch (error) {
    throw asUserError(error, path);
  } finally {
    await file.close();
  }
}

/** One read cannot be longer than 2 GiB. */
const READ_BYTES = 2 ** 30;

/** `length` bytes of a file from `position` on, in a buffer of their own. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const piece = { offset: done, length: Math.min(length - done, READ_BYTES), position: position + done };
    const { bytesRead } = await file.read(bytes, piece);
    if (bytesRead === 0) throw new DamagedFile('it must stay as it is while it is read; found: it became shorter');
    done += bytesRead;
  }
  return bytes;
}

function asUserError(error: unknown, fileName: string): unknown {
  if (!(error instanceof DamagedFile)) return error;
  const advice = 'the file is damaged or not a checkpoint, so use another copy';
  return new UserError(`${fileName}: ${error.message} (${advice})`);
}

/** Copied, because a view of floats must start at a multiple of 4 and a header can end anywhere. */
function floatsFrom(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length / Float32Array.BYTES_PER_ELEMENT);
  bytesOf(values).set(bytes);
  swapToLittleEndian(bytesOf(values));
  return values;
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Between this machine's floats and the file's, either way: does nothing except on big-endian machines. */
function swapToLittleEndian(floats: Uint8Array): void {
  if (endianness() === 'BE') Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength).swap32();
}

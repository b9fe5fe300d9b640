import { endianness } from 'node:os';
import { UserError } from '../errors.js';
import { DamagedFile } from './header-json.js';
import { LENGTH_BYTES, decodeHeader, encodeHeader } from './safetensors-header.js';
import type { NamedTensor, SafetensorsHeader } from './safetensors-header.js';

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

/**
 * Reads the bytes of a safetensors file whose tensors are all F32. Tensors come in the order of their data, each with
 * values of its own; `metadata` has no prototype. Takes the size of the data in memory and never more than the file has.
 * @param fileName what messages call the file.
 * @throws {UserError} one line, for anything that the format forbids and for any other dtype.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  fileName: string,
): { tensors: Map<string, NamedTensor>; metadata: Record<string, string> } {
  const { metadata, spans, dataStart } = checkedHeader(bytes, fileName);
  const data = bytes.subarray(dataStart);
  const tensors = new Map<string, NamedTensor>();
  for (const { name, shape, begin, end } of spans) {
    tensors.set(name, { shape, values: floatsFrom(data.subarray(begin, end)) });
  }
  return { tensors, metadata };
}

function checkedHeader(bytes: Uint8Array, fileName: string): SafetensorsHeader {
  try {
    return decodeHeader(bytes);
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    const advice = 'the file is damaged or not a checkpoint, so use another copy';
    throw new UserError(`${fileName}: ${error.message} (${advice})`);
  }
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

/** Between this machine's floats and the file's, either way: nothing to do but on big-endian machines. */
function swapToLittleEndian(floats: Uint8Array): void {
  if (endianness() === 'BE') Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength).swap32();
}

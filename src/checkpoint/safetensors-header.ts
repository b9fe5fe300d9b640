import { DamagedFile, isWellFormed, parseHeaderJson, shown } from '../system/bounded-json.js';

/** A tensor of 32-bit floats: `values` in row-major order, as many as the product of `shape`. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Where one tensor lies: bytes [begin, end) of the data that follows the header. */
export interface TensorSpan {
  readonly name: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A header that has passed every check: its spans, in order, cover the data exactly. */
export interface SafetensorsHeader {
  readonly metadata: Record<string, string>;
  readonly spans: readonly TensorSpan[];
  /** Bytes from the start of the file to the data. */
  readonly dataStart: number;
}

/** The unsigned little-endian 64-bit integer that every file starts with: the number of bytes in the header. */
export const LENGTH_BYTES = 8;

/**
 * The longest header, in bytes. The format's own reader stops at 100 MB, but parsing takes up to 12 bytes of memory a
 * byte, which would be too much for Node. The vocabulary of all of Unicode takes 10 MB; nothing else of ours comes near.
 */
export const MAX_HEADER_BYTES = 16 * 1024 * 1024;

const METADATA = '__metadata__';
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * The header for tensors stored one after the other in the map's order, padded with spaces to a multiple of 8 bytes.
 * @throws {RangeError} a shape that does not match its values, a name or text that the format cannot hold, or a header
 * longer than {@link MAX_HEADER_BYTES}.
 */
export function encodeHeader(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  // Joined by hand: an object would move names such as "0" to the front and lose the order of the offsets.
  checkMetadata(metadata);
  const entries = Object.keys(metadata).length > 0 ? [headerEntry(METADATA, metadata)] : [];
  let begin = 0;
  for (const [name, tensor] of tensors) {
    checkTensor(name, tensor);
    const end = begin + tensor.values.byteLength;
    entries.push(headerEntry(name, { dtype: 'F32', shape: tensor.shape, data_offsets: [begin, end] }));
    begin = end;
  }
  const json = Buffer.from(`{${entries.join(',')}}`);
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  if (padded.length > MAX_HEADER_BYTES) {
    throw new RangeError(`a header must have at most ${MAX_HEADER_BYTES} bytes; found: ${padded.length}`);
  }
  return padded;
}

function headerEntry(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  for (const text of Object.entries(metadata).flat()) {
    if (!isWellFormed(text)) throw new RangeError(`metadata must be well-formed text; found: ${shown(text)}`);
  }
}

function checkTensor(name: string, { shape, values }: NamedTensor): void {
  if (name === METADATA || !isWellFormed(name)) throw new RangeError(`a tensor cannot be named ${shown(name)}`);
  if (!shape.every(isCount) || elementCount(shape) !== values.length) {
    throw new RangeError(`tensor ${shown(name)} of shape ${shown(shape)} cannot have ${values.length} values`);
  }
}

/**
 * Reads and checks a header. Nothing is allocated from a number that the file states.
 * @param header the bytes after the length, as many as `headerLength` says. @param fileBytes of the whole file.
 * @throws {DamagedFile} any rule of the format is broken.
 */
export function decodeHeader(header: Uint8Array, fileBytes: number): SafetensorsHeader {
  const dataStart = LENGTH_BYTES + header.length;
  const { [METADATA]: metadata = {}, ...tensors } = parseHeaderJson(headerText(header));
  const spans = Object.entries(tensors).map(([name, info]) => tensorSpan(name, info));
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCover(spans, fileBytes - dataStart);
  return { metadata: metadataRecord(metadata), spans, dataStart };
}

/**
 * The length of the header, in bytes.
 * @param start at least the first {@link LENGTH_BYTES} bytes of the file, or all it has. @param fileBytes of the whole file.
 * @throws {DamagedFile} the length is not one that a header may have, or the file is shorter.
 */
export function headerLength(start: Uint8Array, fileBytes: number): number {
  const rest = fileBytes - LENGTH_BYTES;
  if (start.length < LENGTH_BYTES)
    throw new DamagedFile(`it must start with ${LENGTH_BYTES} bytes of header length; found: ${start.length}`);
  const length = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length === 0n || length > MAX_HEADER_BYTES) {
    const text = textAt(start.subarray(0, LENGTH_BYTES));
    if (text !== undefined) throw new DamagedFile(`it must be a safetensors file; found: text, ${shown(text)}`);
    throw new DamagedFile(`its header must have from 1 to ${MAX_HEADER_BYTES} bytes; found: ${length}`);
  }
  if (length > rest) throw new DamagedFile(`its header must have ${length} bytes; found: ${rest}`);
  return Number(length);
}

/** What bytes at the start of a file say, where they are those of a text; its last character may be cut. */
function textAt(start: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
    return /^[^\p{Cc}]+$/u.test(text.replace(/[\t\r\n]/g, ' ')) ? text : undefined;
  } catch {
    return undefined;
  }
}

function headerText(header: Uint8Array): string {
  if (header[0] !== '{'.charCodeAt(0)) {
    throw new DamagedFile(
      `its header must start with "{"; found: ${shown(String.fromCharCode(...header.subarray(0, 1)))}`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch {
    throw new DamagedFile('its header must be UTF-8 text; found: bytes that are not');
  }
}

function metadataRecord(metadata: unknown): Record<string, string> {
  if (!isObject(metadata)) throw new DamagedFile(`${METADATA} must be an object; found: ${shown(metadata)}`);
  for (const [name, value] of Object.entries(metadata)) {
    if (!isText(name) || !isText(value)) {
      throw new DamagedFile(`${METADATA} entry ${shown(name)} must be a string; found: ${shown(value)}`);
    }
  }
  // Without a prototype no entry can shadow or reach one: "__proto__" is a name like any other.
  return Object.assign(Object.create(null) as Record<string, string>, metadata);
}

function tensorSpan(name: string, info: unknown): TensorSpan {
  const must = (rule: string, found: unknown) =>
    new DamagedFile(`tensor ${shown(name)} must have ${rule}; found: ${shown(found)}`);
  if (!isText(name)) throw must('a name of well-formed text', name);
  if (!isObject(info)) throw must('an object that describes it', info);
  const { dtype, shape, data_offsets: offsets } = info;
  if (dtype !== 'F32') throw must('the dtype "F32", the only one read here', dtype);
  if (!isCounts(shape)) throw must('a shape of whole numbers from 0', shape);
  if (!isCounts(offsets) || offsets.length !== 2) throw must('two whole numbers from 0 as data_offsets', offsets);
  const [begin = 0, end = 0] = offsets;
  const byteLength = elementCount(shape) * FLOAT_BYTES;
  if (!Number.isSafeInteger(byteLength)) throw must('fewer than 2^51 values', shape);
  if (end - begin !== byteLength) throw must(`${byteLength} bytes for its shape`, offsets);
  return { name, shape, begin, end };
}

/** Spans in order must meet end to start and fill the data: no gap, no overlap, nothing missing, nothing after. */
function checkCover(spans: readonly TensorSpan[], dataBytes: number): void {
  let covered = 0;
  for (const { name, begin, end } of spans) {
    const problem = begin > covered ? 'a gap' : 'an overlap';
    if (begin !== covered)
      throw new DamagedFile(`tensor ${shown(name)} must start at ${covered}; found: ${problem} (${begin})`);
    covered = end;
  }
  if (covered !== dataBytes)
    throw new DamagedFile(`its tensors must have ${covered} bytes in all; found: ${dataBytes}`);
}

/** The number of values in a tensor; not a safe integer (possibly NaN) where the product overflows one on the way. */
function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => (Number.isSafeInteger(product * length) ? product * length : NaN), 1);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && isWellFormed(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

/** JSON can say -0, which no reader of unsigned integers takes. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
}

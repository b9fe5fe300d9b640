import { MAX_HEADER_BYTES } from '../../src/checkpoint/safetensors-header.js';
import { fileOf } from './safetensors-arbitrary.js';

/** A file that breaks one rule of the format. */
export interface CorruptFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Part of the message. */
  readonly message: string;
  /** Why the format's own reader takes this file, where it does. */
  readonly takenByReference?: string;
}

const floats = (count: number) => new Uint8Array(4 * count);

/** A tensor's entry in a header; any part can be made wrong. */
const entry = (shape: unknown, offsets: unknown, dtype: unknown = 'F32') =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });

/** A file of one tensor "a" and room for two values. */
const oneTensor = (shape: unknown, offsets: unknown, dtype?: unknown) =>
  fileOf(`{"a":${entry(shape, offsets, dtype)}}`, floats(2));

const twoTensors = (first: unknown, second: unknown, data = 2) =>
  fileOf(`{"a":${entry([1], first)},"b":${entry([1], second)}}`, floats(data));

const whole = oneTensor([2], [0, 8]);

function withLength(length: bigint): Uint8Array {
  const bytes = Buffer.from(whole);
  bytes.writeBigUInt64LE(length);
  return bytes;
}

const lengths: CorruptFile[] = [
  { name: 'nothing at all', bytes: new Uint8Array(), message: 'start with 8 bytes of header length; found: 0' },
  { name: 'half a length', bytes: whole.subarray(0, 4), message: 'start with 8 bytes of header length; found: 4' },
  { name: 'a length and nothing else', bytes: whole.subarray(0, 8), message: 'bytes; found: 0' },
  { name: 'half a header', bytes: whole.subarray(0, 20), message: 'bytes; found: 12' },
  { name: 'no data', bytes: whole.subarray(0, -8), message: 'tensors must have 8 bytes in all; found: 0' },
  { name: 'all but the last byte', bytes: whole.subarray(0, -1), message: 'must have 8 bytes in all; found: 7' },
  { name: 'one byte too many', bytes: Buffer.concat([whole, floats(1)]), message: '8 bytes in all; found: 12' },
  { name: 'data without a tensor', bytes: fileOf('{}', floats(1)), message: 'must have 0 bytes in all; found: 4' },
  { name: 'a header of no bytes', bytes: withLength(0n), message: 'bytes; found: 0' },
  { name: 'a header longer than the file', bytes: withLength(1000n), message: 'header must have 1000 bytes; found: ' },
  {
    name: 'a header longer than any may be',
    bytes: withLength(BigInt(MAX_HEADER_BYTES) + 1n),
    message: 'from 1 to 16777216 bytes; found: 16777217',
  },
  { name: 'a length of 2^64 - 1', bytes: withLength(2n ** 64n - 1n), message: 'found: 18446744073709551615' },
];

const headers: CorruptFile[] = [
  { name: 'a ZIP file', bytes: Buffer.from('PK\x03\x04 more of it, long enough'), message: 'header must have from 1' },
  { name: 'a text of other letters', bytes: Buffer.from('«Что?» — «Нет.»'), message: 'found: text, "«Что"' },
  { name: 'a list', bytes: fileOf('[]'), message: 'must start with "{"; found: "["' },
  { name: 'text', bytes: fileOf('"a"'), message: 'must start with "{"' },
  {
    name: 'space before the object',
    bytes: fileOf(' {}'),
    message: 'must start with "{"; found: " "',
    takenByReference: 'the format forbids it, but its reader does not look',
  },
  { name: 'a byte order mark', bytes: fileOf('\ufeff{}'), message: 'must start with "{"' },
  { name: 'an object cut off', bytes: fileOf('{"a":'), message: 'must be a JSON object; found: "{\\"a\\":"' },
  { name: 'an unfinished string', bytes: fileOf('{"a'), message: 'must be a JSON object' },
  { name: 'more after the object', bytes: fileOf('{}{}'), message: 'must be a JSON object; found: "{}{}"' },
  { name: 'padding with NUL', bytes: fileOf('{}\0\0'), message: 'must be a JSON object' },
  { name: 'a comment', bytes: fileOf('{/* */}'), message: 'must be a JSON object' },
  { name: 'Latin-1', bytes: fileOf(Buffer.from('{"\xe9":{}}', 'latin1')), message: 'must be UTF-8 text' },
  { name: 'a lone continuation byte', bytes: fileOf(Buffer.from([0x7b, 0x80, 0x7d])), message: 'must be UTF-8' },
  { name: '100,000 lists in each other', bytes: fileOf(`{"a":${'['.repeat(1e5)}`), message: 'nest at most 3 deep' },
  { name: 'closed ones too', bytes: fileOf(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`), message: 'nest at most 3' },
  { name: 'millions of lists', bytes: fileOf(`{"a":[${'[],'.repeat(1.1e6)}0]}`), message: 'at most 100000 names' },
];

const names: CorruptFile[] = [
  {
    name: 'one tensor name twice',
    bytes: fileOf(`{"a":${entry([2], [0, 8])},"a":${entry([1, 2], [0, 8])}}`, floats(2)),
    message: 'each name once; found: "a" twice',
    takenByReference: 'the format forbids it, but its reader keeps the last',
  },
  {
    name: 'one name twice, escaped once',
    bytes: fileOf(`{"a":${entry([2], [0, 8])},"\\u0061" :${entry([1, 2], [0, 8])}}`, floats(2)),
    message: 'found: "a" twice',
    takenByReference: 'the format forbids it, but its reader keeps the last',
  },
  {
    name: 'a metadata name twice',
    bytes: fileOf('{"__metadata__":{"step":"1","step":"2"}}'),
    message: 'found: "step" twice',
    takenByReference: 'its reader keeps the last',
  },
  {
    name: 'a shape twice',
    bytes: fileOf('{"a":{"dtype":"F32","shape":[2],"shape":[1],"data_offsets":[0,4]}}', floats(1)),
    message: 'found: "shape" twice',
  },
  { name: 'half a surrogate pair', bytes: fileOf(`{"\\ud800":${entry([0], [0, 0])}}`), message: 'well-formed text' },
  {
    name: 'a tensor called __proto__ that is none',
    bytes: fileOf('{"__proto__":1}'),
    message: '"__proto__" must have',
  },
  { name: 'metadata that is text', bytes: fileOf('{"__metadata__":"x"}'), message: '__metadata__ must be an object' },
  { name: 'metadata that is a list', bytes: fileOf('{"__metadata__":[]}'), message: '__metadata__ must be an object' },
  {
    name: 'metadata that is null',
    bytes: fileOf('{"__metadata__":null}'),
    message: '__metadata__ must be an object; found: null',
    takenByReference: 'to its reader null is no metadata',
  },
  {
    name: 'a number in it',
    bytes: fileOf('{"__metadata__":{"step":1}}'),
    message: 'entry "step" must be a string; found: 1',
  },
  {
    name: 'an object in it',
    bytes: fileOf('{"__metadata__":{"__proto__":{}}}'),
    message: 'entry "__proto__" must be a',
  },
];

const tensors: CorruptFile[] = [
  { name: 'a tensor that is a number', bytes: fileOf('{"a":1}'), message: 'tensor "a" must have an object' },
  { name: 'a tensor that is null', bytes: fileOf('{"a":null}'), message: 'an object that describes it; found: null' },
  {
    name: 'no dtype',
    bytes: fileOf('{"a":{"shape":[0],"data_offsets":[0,0]}}'),
    message: '"F32", the only one read here; found: nothing',
  },
  {
    name: 'another dtype',
    bytes: oneTensor([4], [0, 8], 'F16'),
    message: 'tensor "a" must have the dtype "F32", the only one read here; found: "F16"',
    takenByReference: 'the format has F16',
  },
  { name: 'an unknown dtype', bytes: oneTensor([2], [0, 8], 'F33'), message: 'found: "F33"' },
  { name: 'a dtype in small letters', bytes: oneTensor([2], [0, 8], 'f32'), message: 'found: "f32"' },
  { name: 'no shape', bytes: oneTensor(undefined, [0, 8]), message: 'a shape of whole numbers from 0; found: nothing' },
  {
    name: 'a shape that is a number',
    bytes: oneTensor(2, [0, 8]),
    message: 'a shape of whole numbers from 0; found: 2',
  },
  {
    name: 'a negative length',
    bytes: oneTensor([-2], [0, 8]),
    message: 'a shape of whole numbers from 0; found: [-2]',
  },
  {
    name: 'a length of -0',
    bytes: fileOf('{"a":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}'),
    message: 'whole numbers',
  },
  { name: 'half a length', bytes: oneTensor([0.5], [0, 8]), message: 'found: [0.5]' },
  { name: 'a length of text', bytes: oneTensor(['2'], [0, 8]), message: 'found: ["2"]' },
  { name: 'a length of 2^53', bytes: oneTensor([2 ** 53, 0], [0, 0]), message: 'whole numbers from 0; found: [9007' },
  { name: 'a product past 2^53', bytes: oneTensor([2 ** 30, 2 ** 30], [0, 8]), message: 'fewer than 2^51 values' },
  {
    name: 'a product past every number',
    bytes: oneTensor(Array(40).fill(2 ** 52), [0, 8]),
    message: 'fewer than 2^51',
  },
  {
    name: 'a product that returns to zero',
    bytes: oneTensor([2 ** 52, 2 ** 52, 0], [0, 0]),
    message: 'fewer than 2^51',
  },
  {
    name: '16 TB in a small file',
    bytes: oneTensor([2 ** 42], [0, 2 ** 44]),
    message: 'must have 17592186044416 bytes',
  },
  {
    name: 'no offsets',
    bytes: oneTensor([2], undefined),
    message: 'two whole numbers from 0 as data_offsets; found: nothing',
  },
  { name: 'one offset', bytes: oneTensor([2], [8]), message: 'two whole numbers from 0 as data_offsets; found: [8]' },
  { name: 'three offsets', bytes: oneTensor([2], [0, 8, 8]), message: 'data_offsets; found: [0,8,8]' },
  { name: 'a negative offset', bytes: oneTensor([2], [-8, 0]), message: 'data_offsets; found: [-8,0]' },
  { name: 'an offset of text', bytes: oneTensor([2], ['0', '8']), message: 'data_offsets; found: ["0","8"]' },
  { name: 'half an offset', bytes: oneTensor([2], [0.5, 8.5]), message: 'data_offsets; found: [0.5,8.5]' },
  {
    name: 'offsets the wrong way round',
    bytes: oneTensor([2], [8, 0]),
    message: '8 bytes for its shape; found: [8,0]',
  },
  {
    name: 'offsets too short for the shape',
    bytes: oneTensor([2], [0, 4]),
    message: '8 bytes for its shape; found: [0,4]',
  },
  {
    name: 'offsets too long for the shape',
    bytes: oneTensor([1], [0, 8]),
    message: '4 bytes for its shape; found: [0,8]',
  },
  { name: 'a gap at the start', bytes: oneTensor([1], [4, 8]), message: 'must start at 0; found: a gap (4)' },
  {
    name: 'a gap between two',
    bytes: twoTensors([0, 4], [8, 12], 3),
    message: '"b" must start at 4; found: a gap (8)',
  },
  { name: 'two in one place', bytes: twoTensors([0, 4], [0, 4], 1), message: 'must start at 4; found: an overlap (0)' },
  {
    name: 'two that share bytes',
    bytes: twoTensors([0, 4], [2, 6]),
    message: 'must start at 4; found: an overlap (2)',
  },
];

/** Files that must be refused, by the structure that is wrong. */
export const corruptFiles: readonly CorruptFile[] = [...lengths, ...headers, ...names, ...tensors];

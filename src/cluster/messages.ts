import * as v from 'valibot';
import { TENSORFLOW_VERSION } from '../native/variants.js';
import { TRAIN_OPTIONS } from '../options/train-options.js';
import type { Option } from '../options/option.js';
import { programVersion } from '../system/version.js';

/** Versions of what is sent; a change of it counts this up. */
const PROTOCOL = 3;

const identitySchema = v.object({
  program: v.literal('min-char-rnn'),
  protocol: v.number(),
  version: v.pipe(v.string(), v.maxLength(100)),
  tensorflow: v.pipe(v.string(), v.maxLength(100)),
});

/** What each side says of itself. Only the same versions compute the same numbers. */
export type Identity = v.InferOutput<typeof identitySchema>;

/** Of this program. */
export function identity(): Identity {
  return { program: 'min-char-rnn', protocol: PROTOCOL, version: programVersion(), tensorflow: TENSORFLOW_VERSION };
}

/** In words: "min-char-rnn 1.0.0 with TensorFlow 2.19.0". */
function describeIdentity({ version, tensorflow, protocol }: Identity): string {
  const other = protocol === PROTOCOL ? '' : `, protocol ${protocol}`;
  return `min-char-rnn ${version} with TensorFlow ${tensorflow}${other}`;
}

/** Why the two cannot work together, for the middle of a line; undefined where they can. */
export function mismatchOf(worker: Identity, trainer: Identity): string | undefined {
  const [theirs, ours] = [worker, trainer].map(describeIdentity);
  return theirs === ours ? undefined : `it is ${theirs}, and this is ${ours}; take the same version for both`;
}

const inRangeOf = (option: Option) =>
  v.pipe(
    v.number(),
    v.check((value) => option.accepts(value)),
  );

const welcomeSchema = v.object({ ...identitySchema.entries, threads: inRangeOf(TRAIN_OPTIONS.threads) });

/** A worker's answer. */
export type Welcome = v.InferOutput<typeof welcomeSchema>;

/** Unicode has no more symbols. */
const MOST_SYMBOLS = 0x110000;

const startSchema = v.object({
  batchSize: inRangeOf(TRAIN_OPTIONS.batchSize),
  seqLength: inRangeOf(TRAIN_OPTIONS.seqLength),
  hiddenSize: inRangeOf(TRAIN_OPTIONS.hiddenSize),
  vocabularySize: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(MOST_SYMBOLS)),
  shards: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000)),
  /** Whether TensorFlow uses oneDNN: all sides must, or none. */
  oneDnn: v.boolean(),
});

/** What a worker will compute parts of. */
export type Start = v.InferOutput<typeof startSchema>;

/** In characters. */
export const LONGEST_REASON = 500;

const refusalSchema = v.object({ reason: v.pipe(v.string(), v.maxLength(LONGEST_REASON)) });

/** The most bytes of a frame of JSON. */
export const JSON_LIMIT = 4096;

function readerOf<Schema extends v.GenericSchema>(schema: Schema, what: string) {
  return (content: Uint8Array): v.InferOutput<Schema> => {
    try {
      return v.parse(schema, JSON.parse(new TextDecoder().decode(content)));
    } catch {
      throw new Error(`it does not speak as a ${what} of min-char-rnn does`);
    }
  };
}

export const readIdentity = readerOf(identitySchema, 'trainer');
export const readStart = readerOf(startSchema, 'trainer');
export const readWelcome = readerOf(welcomeSchema, 'worker');
export const readRefusal = readerOf(refusalSchema, 'worker');

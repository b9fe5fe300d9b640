import fc from 'fast-check';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { decodeSafetensors, encodeSafetensors } from '../../src/checkpoint/safetensors.js';
import { checkpointLines } from '../../src/cli/display/checkpoint-lines.js';
import { Vocabulary } from '../../src/corpus/vocabulary.js';
import { Random } from '../../src/sampling/random.js';
import { smallCheckpoint } from '../checkpoint/small-checkpoint.js';
import { anyEdit, type Edit, edited } from './edits.js';
import { hostileText, jsonEdit } from './hostile.js';
import { checkLine, checkRefusal } from './refusal.js';
import { lengthChange, onHeader } from './safetensors-target.js';
import type { FuzzTarget, Outcome } from './target.js';

const NAME = 'some.safetensors';

const whole = [
  smallCheckpoint(),
  smallCheckpoint(new Vocabulary([0, 10, 27, 255], 'bytes')),
  smallCheckpoint(new Vocabulary([7], 'utf-8')),
].map(encodeCheckpoint);

type Metadata = Record<string, string>;

/** A change of one of the JSON texts that a checkpoint keeps in the metadata. */
const entryEdit = fc
  .tuple(fc.constantFrom('options', 'run', 'corpus', 'vocabulary'), fc.array(jsonEdit, { minLength: 1, maxLength: 3 }))
  .map(([entry, edits]) => (metadata: Metadata) => {
    metadata[entry] = edits.reduce((text, edit) => edit(text), metadata[entry] ?? '');
  });

/** Another name for the text, which is for people and comes from wherever the checkpoint does. */
const nameEdit = hostileText.map((name) => (metadata: Metadata) => {
  metadata.corpus = JSON.stringify({ name, hash: name, symbols: 5, position: 0 });
});

const otherEdit = fc
  .tuple(fc.constantFrom('format', 'formatVersion', 'run', '__proto__'), hostileText)
  .map(([entry, text]) => (metadata: Metadata) => {
    metadata[entry] = text;
  });

const metadataEdit = fc.oneof(
  { arbitrary: entryEdit, weight: 6 },
  { arbitrary: nameEdit, weight: 2 },
  { arbitrary: otherEdit, weight: 1 },
);

const byteEdit: fc.Arbitrary<Edit> = fc.oneof(anyEdit, lengthChange, anyEdit.map(onHeader));

const damagedCheckpoint = fc
  .tuple(
    fc.constantFrom(...whole),
    fc.array(metadataEdit, { maxLength: 3 }),
    fc.oneof({ arbitrary: fc.constant([]), weight: 2 }, { arbitrary: fc.array(byteEdit, { maxLength: 2 }), weight: 1 }),
  )
  .map(([bytes, edits, byteEdits]) => {
    const { tensors, metadata } = decodeSafetensors(bytes, NAME);
    for (const edit of edits) edit(metadata);
    // Half a surrogate pair is a mistake of the program's to the encoder; here it stands for a broken file.
    const written = Object.fromEntries(
      Object.entries(metadata).map(([name, text]) => [name, Buffer.from(text).toString()]),
    );
    return edited(encodeSafetensors(tensors, written), byteEdits);
  });

function check(bytes: Uint8Array): Outcome {
  let checkpoint;
  try {
    checkpoint = decodeCheckpoint(bytes, NAME);
  } catch (error) {
    if (error instanceof Error) checkLine(error.message);
    return checkRefusal(error);
  }
  const saved = encodeCheckpoint(checkpoint);
  const again = encodeCheckpoint(decodeCheckpoint(saved, 'again'));
  if (!Buffer.from(saved).equals(again)) throw new Error('a checkpoint that was read must be saved and read as it is');
  for (const lines of checkpointLines(NAME, checkpoint)) for (const line of lines.split('\n')) checkLine(line);
  const draw = Random.fromState(checkpoint.run.random).uniform();
  if (!(draw >= 0 && draw < 1)) throw new Error(`a saved generator must draw from 0 to 1; found: ${draw}`);
  return 'taken';
}

/** The reader of checkpoints and what `info` shows of one. */
export const checkpointTarget: FuzzTarget<Uint8Array> = { name: 'checkpoint', input: damagedCheckpoint, check };

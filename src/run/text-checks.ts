import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { TextStatistics } from '../corpus/encoder.js';
import { nameOf } from '../corpus/texts.js';
import { BYTE_ORDER_MARK } from '../corpus/code-points.js';
import { UserError } from '../errors.js';

/** How the built-in text is called where a file's name would stand. */
export const BUILT_IN_NAME = 'the built-in text';

/**
 * @param inputs what was named; none: the text is the built-in one. @param path of the checkpoint.
 * @throws UserError for a text other than the one that the checkpoint's run was trained on.
 */
export function requireSameText(
  text: TextStatistics,
  { corpus, vocabulary }: Checkpoint,
  inputs: readonly string[],
  path: string,
): void {
  if (text.hash === corpus.hash) return;
  const start = `a resumed run must continue with the text that it was trained on, '${corpus.name}', but`;
  if (inputs.length === 0 && corpus.name !== BUILT_IN_NAME) {
    throw new UserError(`${start} no text was named; name it: train TEXT --resume '${path}'`);
  }
  const mark = corpus.symbols > text.length && vocabulary.indexOf(BYTE_ORDER_MARK) !== undefined;
  throw new UserError(
    `${start} '${inputs.length === 0 ? BUILT_IN_NAME : nameOf(inputs)}' differs from it; ` +
      `name that text, or start another run with --init-from '${path}'${mark ? WITH_MARK : ''}`,
  );
}

/** How a run goes on exactly with a text whose byte order mark an older version has counted. */
const WITH_MARK =
  '; if this is that text and begins with a byte order mark, an older version took that for a symbol: ' +
  "put another one before it (printf '\\357\\273\\277' | cat - TEXT > COPY)";

/**
 * For a run that no text was named for. @param text the built-in one. @param path of the checkpoint.
 * @throws UserError where it has symbols that the checkpoint's model does not know.
 */
export function requireKnownSymbols({ symbols }: TextStatistics, { vocabulary }: Checkpoint, path: string): void {
  if (symbols.every((symbol) => vocabulary.indexOf(symbol) !== undefined)) return;
  throw new UserError(
    `--init-from must come with a text in the model's symbols, but no text was named, and ${BUILT_IN_NAME} has others; ` +
      `name one: train TEXT --init-from '${path}'`,
  );
}

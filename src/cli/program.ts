import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellWord } from './display/shell-word.js';

/** The bin of the package. */
const BIN = 'min-char-rnn';

/**
 * How this program was called, for commands to copy: the bin, by npx where a project or npx itself has it, the built
 * file, or its source in a clone.
 * @param called the script that Node was started with. @param own the file of this module.
 */
export function programName(called = process.argv[1] ?? '', own = fileURLToPath(import.meta.url)): string {
  const main = fromHere(join(dirname(own), `main${extname(own)}`));
  if (extname(own) === '.ts') return `npx tsx ${shellWord(main)}`;
  if (called.split(sep).includes('node_modules')) return `npx ${BIN}`;
  return basename(called) === BIN ? BIN : `node ${shellWord(main)}`;
}

/** A path as it is written in the current folder, absolute where it leads out of that. */
function fromHere(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

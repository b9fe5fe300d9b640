import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { messageOf } from '../../src/errors.js';

const SOURCE = fileURLToPath(new URL('plain_rnn.c', import.meta.url));
const FLAGS = ['-O3', '-march=native', '-ffast-math'];
/** GCC and Clang take 256-bit vectors by themselves where 512-bit ones are faster; ignored where there are none. */
const X64_FLAGS = ['-mprefer-vector-width=512'];

/** A compiled program's path, or why there is none. */
export type Compiled = { readonly program: string } | { readonly absent: string };

/**
 * Compiles the plain C peer for this machine's processor with `$CC`, or the first of cc, gcc and clang that works.
 * @param folder where the program is put.
 */
export async function compilePlainC(folder: string): Promise<Compiled> {
  const program = join(folder, 'plain-rnn');
  const flags = [...FLAGS, ...(process.arch === 'x64' ? X64_FLAGS : [])];
  const compilers = process.env.CC ? [process.env.CC] : ['cc', 'gcc', 'clang'];
  const reasons: string[] = [];
  for (const compiler of compilers) {
    try {
      await promisify(execFile)(compiler, [...flags, SOURCE, '-o', program, '-lm']);
      return { program };
    } catch (error) {
      reasons.push(`${compiler}: ${messageOf(error)}`);
    }
  }
  return { absent: `no C compiler works (${reasons.join('; ')})` };
}

import { join } from 'node:path';
import { compileBinding } from '../../src/native/binding.js';
import { findTools } from '../../src/native/tools.js';

/**
 * Compiles the binding as tfjs-node comes with it, without the guard against signals.
 * @param installation a finished one, whose TensorFlow it uses; @returns the path of the binding, in `folder`.
 */
export async function compileUnguarded(installation: string, folder: string): Promise<string> {
  const command = { env: process.env };
  return compileBinding({
    guarded: false,
    compiler: (await findTools(command)).compiler,
    tensorflowFolder: installation,
    outputFolder: folder,
    libraryFolders: [join(installation, 'lib')],
    command,
  });
}

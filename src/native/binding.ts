import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { runCommand, lastErrorLine, type CommandOptions } from '../system/run-command.js';
import { patchSources } from './binding-patch.js';
import { bindingSource, copyFiles, nodeApiHeaders } from './carried.js';
import type { Command } from './tools.js';

/** The file that tfjs-node loads. */
export const BINDING_NAME = 'tfjs_binding.node';

/** The version of Node-API that tfjs-node's binding is written for. */
export const NODE_API_VERSION = 8;

/** What goes into a binding and where it comes out. */
export interface BindingRequest {
  /** Whether asynchronous signals are blocked while TensorFlow computes; false only for the test of that guard. */
  readonly guarded: boolean;
  readonly compiler: Command;
  /** A folder with `lib/` and `include/` of TensorFlow. */
  readonly tensorflowFolder: string;
  /** An existing folder, for the binding and, while it is compiled, its sources. */
  readonly outputFolder: string;
  /** Folders where the binding looks for TensorFlow's libraries at run time, in this order. */
  readonly libraryFolders: readonly string[];
  readonly command: CommandOptions;
}

/**
 * Compiles tfjs-node's binding to `tfjs_binding.node` in the output folder.
 *
 * @returns the path of the binding.
 * @throws UserError where the source is unknown or the compiler fails.
 */
export async function compileBinding(request: BindingRequest): Promise<string> {
  const sources = join(request.outputFolder, 'binding-source');
  // Together in a folder: a compiler cannot look into the archives of Plug'n'Play, where either may lie.
  copyFiles(bindingSource(), sources);
  copyFiles(nodeApiHeaders(), sources);
  try {
    patchSources(sources, request.guarded);
    const binding = join(request.outputFolder, BINDING_NAME);
    const result = await runCommand(
      [...request.compiler, ...compilerParameters(request, sources, binding)],
      request.command,
    );
    if (result?.code === 0) return binding;
    const said = result === undefined ? 'the compiler is gone' : lastErrorLine(`${result.stdout}\n${result.stderr}`);
    throw new UserError(`the binding must compile with ${request.compiler.join(' ')} (C++17), it does not: ${said}`);
  } finally {
    rmSync(sources, { recursive: true, force: true });
  }
}

function compilerParameters(request: BindingRequest, sources: string, binding: string): string[] {
  const { tensorflowFolder } = request;
  return [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NODE_API_VERSION}`],
    ...['-I', sources, '-I', join(tensorflowFolder, 'include')],
    ...[join(sources, 'tfjs_backend.cc'), join(sources, 'tfjs_binding.cc'), '-o', binding],
    // Some of the functions live in the framework library, so both are named.
    ...['-L', join(tensorflowFolder, 'lib'), '-ltensorflow', '-ltensorflow_framework'],
    ...platformParameters(),
    ...request.libraryFolders.flatMap((folder) => ['-Xlinker', '-rpath', '-Xlinker', folder]),
  ];
}

function platformParameters(): string[] {
  return process.platform === 'darwin'
    ? ['-undefined', 'dynamic_lookup']
    : // A plain RPATH comes before LD_LIBRARY_PATH, where another TensorFlow may lie.
      ['-Xlinker', '--disable-new-dtags'];
}

/** Written into the binding: the `lib` folder beside it, wherever the installation is moved to. */
export function besideBinding(): string {
  return process.platform === 'darwin' ? '@loader_path/lib' : '$ORIGIN/lib';
}

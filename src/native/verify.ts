import { UserError } from '../errors.js';
import { tfjsNodeModule } from './carried.js';
import { runCommand, lastErrorLine, type CommandOptions, type CommandResult } from '../system/run-command.js';

/** A binding to try. */
export interface VerifyRequest {
  readonly binding: string;
  readonly tensorflowVersion: string;
  readonly command: CommandOptions;
}

/**
 * The beginning of a CommonJS script for `node -e SCRIPT BINDING TFJS_NODE_MODULE ...`: defines `tf`, which computes with
 * this binding. `util.isNullOrUndefined` no longer exists from Node 23 on, and tfjs-node calls it.
 */
export const LOAD_SCRIPT = `
"use strict";
const { createRequire } = require('node:module');
const util = require('node:util');
util.isNullOrUndefined = (value) => value === null || value === undefined;
util.isArray = Array.isArray;
const [binding, tfjsNodeModule, ...parameters] = process.argv.slice(1);
const load = createRequire(tfjsNodeModule);
const tf = load('@tensorflow/tfjs-core');
const { NodeJSKernelBackend } = load(tfjsNodeModule);
tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(load(binding), '@tensorflow/tfjs-node'));
tf.setBackend('tensorflow');
`;

const VERIFY_SCRIPT = `${LOAD_SCRIPT}
const product = tf.matMul(tf.ones([64, 100]), tf.ones([100, 3])).sum().dataSync()[0];
console.log('verified ' + JSON.stringify({ version: tf.backend().binding.TF_Version, product }));
`;

/** The sum over a [64, 3] matrix whose elements are dot products of 100 ones. */
const EXPECTED_PRODUCT = 64 * 3 * 100;

/**
 * Runs a matrix product through a binding, in a process of its own.
 *
 * @throws UserError where the binding does not load, is of another version or computes something else.
 */
export async function verifyBinding(request: VerifyRequest): Promise<void> {
  const result = await runCommand([process.execPath, '-e', VERIFY_SCRIPT, request.binding, tfjsNodeModule()], {
    ...request.command,
    env: childEnvironment(request.command.env),
  });
  const expected = JSON.stringify({ version: request.tensorflowVersion, product: EXPECTED_PRODUCT });
  const answer = /^verified (.*)$/m.exec(result?.stdout ?? '')?.[1];
  if (result?.code === 0 && answer === expected) return;
  throw new UserError(`the new binding must run and answer ${expected}, it did not: ${answer ?? explain(result)}`);
}

/**
 * Without the options of this process, such as a profiler, which have no place in a child that tries a binding. Under
 * Plug'n'Play they stay: packages are found by them.
 */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isPlugAndPlay = process.versions.pnp !== undefined;
  return { ...env, TF_CPP_MIN_LOG_LEVEL: '3', ...(!isPlugAndPlay && { NODE_OPTIONS: undefined }) };
}

function explain(result: CommandResult | undefined): string {
  if (result === undefined) return `${process.execPath} could not be started`;
  return result.signal === null
    ? lastErrorLine(result.stderr)
    : `ended by ${result.signal}: ${lastErrorLine(result.stderr)}`;
}

/**
 * Loaded into the program by `node --import` for a storm: counts the signals that arrive, lets child processes end all
 * the time, puts another binding in place of the guarded one. What to do comes in `STRESS`, as JSON.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { BINDING_NAME } from '../../src/native/binding.js';
import { nativeStatus } from '../../src/native/status.js';
import { type LastWords, type Orders, READY } from './orders.js';

/** Children that run at a time. */
const CHILDREN = 4;

// In a thread of its own: the program gives its event loop a turn only now and then.
const SPAWNER = `
const { spawn } = require('node:child_process');
const { workerData } = require('node:worker_threads');
const another = () => spawn('true', { stdio: 'ignore' }).on('exit', () => { Atomics.add(workerData, 0, 1); another(); });
for (let i = 0; i < ${CHILDREN}; i++) another();
`;

const { report, signal, children, binding } = JSON.parse(process.env.STRESS ?? '{}') as Orders;
const count = new Int32Array(new SharedArrayBuffer(4));
if (binding !== undefined) useBinding(binding);
if (signal) process.on(signal, () => Atomics.add(count, 0, 1));
if (children) new Worker(SPAWNER, { eval: true, execArgv: [], workerData: count }).unref();
process.on('exit', (code) => {
  const words: LastWords = { received: count[0], code };
  writeFileSync(report, JSON.stringify(words));
});
writeFileSync(report, READY);

/** Makes the program get this binding where it asks for the one of its installation. */
function useBinding(path: string): void {
  const status = nativeStatus();
  if (status.kind === 'absent') throw new Error(status.reason);
  const load = createRequire(import.meta.url);
  const place = load.resolve(join(status.folder, BINDING_NAME));
  load.cache[place] = { loaded: true, exports: load(path) as unknown } as NodeJS.Module;
}

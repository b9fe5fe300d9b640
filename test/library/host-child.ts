// A host program: trains, generates and evaluates through the library on the backend that it is given, and tells what is
// different then about its process. Nothing else may be printed.
import { train } from '../../src/index.js';
import type { BackendName } from '../../src/options/choices.js';
import { SMALL, TEXT } from './models.js';

/** What a host program would notice, as names. */
function look(): Record<string, string[]> {
  const listeners = process.eventNames().map((event) => `${String(event)} ${process.listenerCount(event)}`);
  const environment = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
  return {
    listeners: listeners.filter((line) => !line.endsWith(' 0')),
    globals: Reflect.ownKeys(globalThis).map(String),
    environment,
    state: [process.cwd(), process.title, String(process.exitCode), Error.stackTraceLimit, process.umask()].map(String),
    prototypes: [Array, Object, Promise, Map, Uint8Array].flatMap(({ prototype }) => Object.keys(prototype)),
  };
}

const backend = process.argv[2] as BackendName;
const before = look();
// What the host program adds while the backend is loaded is its own.
const logged: unknown[] = [];
const log = (reason: unknown) => logged.push(reason);
const ticks = setInterval(() => {
  if (process.listenerCount('unhandledRejection') === 0) process.on('unhandledRejection', log);
}, 1);
const onDevice = backend === 'webgpu';
// On a device in software each kernel takes seconds to compile: only those of a step are.
const size = onDevice ? { ...SMALL, steps: 2, validationFraction: 0, evalEvery: 0 } : SMALL;
const model = await train(TEXT, { ...size, backend }).finish();
for await (const piece of model.generate({ length: 100, backend })) void piece;
if (!onDevice) await model.evaluate(TEXT, { backend });
clearInterval(ticks);
const isKept = process.listeners('unhandledRejection').includes(log);
process.off('unhandledRejection', log);

const after = look();
const news = Object.keys(after).flatMap((what) => {
  const other = (a: string[], b: string[], sign: string) => a.filter((name) => !b.includes(name)).map((name) => `${sign}${name}`); // prettier-ignore
  return [...other(after[what], before[what], '+'), ...other(before[what], after[what], '-')];
});

// A program that only logs what nobody has caught goes on.
process.on('unhandledRejection', log);
void Promise.reject(new Error('of the host'));
await new Promise((resolve) => setTimeout(resolve, 20));
process.off('unhandledRejection', log);
console.log(JSON.stringify({ backend: model.options.computedBy?.backend, news, isKept, logged: logged.map(String) }));

import { UserError } from '../../errors.js';
import type { NativeInstallation } from '../../native/install.js';
import type { ProgressReporter, SetupProgress } from '../../native/progress.js';
import { setupNative } from '../../native/setup.js';
import type { NativeDevice } from '../../native/variants.js';
import { describePlacement, ranOnGpu } from '../../backends/tensorflow/placement.js';
import { cleanNative, removeNative } from '../../native/clean.js';
import { provePlacement } from '../../bench/placement-proof.js';
import { ENDING } from '../ending-signals.js';
import { isIgnored } from '../ignored-signals.js';
import { barLine, percent } from './bar-line.js';
import { coloursFor } from './colours.js';
import { canRepaint, columnsOf, LiveLines } from './live-lines.js';

/**
 * Sets up the native TensorFlow library and tells its steps on `out`: with a bar on a terminal, else in plain lines.
 *
 * @throws UserError where something is missing.
 */
export async function runSetup(
  { force, device = 'cpu' }: { force: boolean; device?: NativeDevice },
  out: NodeJS.WriteStream,
): Promise<void> {
  const start = performance.now();
  const display = setupDisplay(out);
  const installation = await interruptible((signal) =>
    setupNative({ force, device, signal, report: display.report }).finally(display.end),
  );
  out.write(`${summary(installation, device, (performance.now() - start) / 1000)}\n`);
  if (device === 'gpu') out.write(`${await describeCard()}\n`);
}

/** Whether the new library finds a card here, which it is worth nothing without. */
async function describeCard(): Promise<string> {
  const proof = await provePlacement('gpu');
  if ('absent' in proof) return `It cannot be used here yet: ${proof.absent}`;
  return ranOnGpu(proof.placement)
    ? `${proof.description}; train with --device gpu, and measure with doctor --bench`
    : `${proof.description}, but its work ran elsewhere: ${describePlacement(proof.placement)}`;
}

/** `setup --clean` and `--remove`: removes installations, of other versions or all, and says what that frees. */
export async function runClean(which: 'others' | 'all', out: NodeJS.WritableStream): Promise<void> {
  const clean = which === 'all' ? removeNative : cleanNative;
  const removed = await clean({ onWait: (line) => out.write(`${line}\n`) });
  for (const { folder, bytes } of removed) out.write(`removed ${folder} (${Math.round(bytes / 1e6)} MB)\n`);
  if (removed.length === 0) out.write('there is nothing to remove\n');
}

function summary(
  { status, tensorflowVersion, folder }: NativeInstallation,
  device: NativeDevice,
  seconds: number,
): string {
  const state = status === 'ready' ? 'is already set up' : `is ready (${Math.ceil(seconds)} s)`;
  return `TensorFlow ${tensorflowVersion}${device === 'gpu' ? ' with CUDA' : ''} ${state}: ${folder}`;
}

/** Lets `action` tidy up after Ctrl-C and the like, then ends the process in the way that the signal asks for. */
async function interruptible<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const interrupt = (signal: NodeJS.Signals): void => {
    if (isIgnored(signal)) return;
    received = signal;
    controller.abort(new UserError(`the set-up was interrupted (${signal}): run it again`));
  };
  for (const name of ENDING) process.on(name, interrupt);
  try {
    return await action(controller.signal);
  } finally {
    for (const name of ENDING) process.off(name, interrupt);
    if (received !== undefined) process.kill(process.pid, received);
  }
}

/** Shows the steps as they come; `end` after the last one. */
interface Display {
  readonly report: ProgressReporter;
  readonly end: () => void;
}

/** The display for where the output goes. */
export function setupDisplay(out: NodeJS.WriteStream): Display {
  return canRepaint(out) ? barDisplay(out) : lineDisplay(out);
}

function lineDisplay(out: NodeJS.WriteStream): Display {
  let shown = '';
  const report = ({ message }: SetupProgress): void => {
    if (message !== shown) out.write(`${message}\n`);
    shown = message;
  };
  return { report, end: (): void => undefined };
}

/** Like the lines, with a bar beside a step for as long as it lasts and tells how far it is. */
function barDisplay(out: NodeJS.WriteStream): Display {
  const live = new LiveLines(out);
  let shown = '';
  let hasBar = false;
  const end = (): void => {
    live.close();
    if (hasBar) out.write(`${shown}\n`);
    hasBar = false;
  };
  const report = ({ message, fraction }: SetupProgress): void => {
    if (message !== shown) end();
    if (message !== shown && fraction === undefined) out.write(`${message}\n`);
    shown = message;
    if (fraction === undefined) return;
    hasBar = true;
    const fields = [percent(fraction), { rank: 0, value: message }];
    live.show([barLine(fraction, fields, columnsOf(out), coloursFor(out))]);
  };
  return { report, end };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Orders } from './orders.js';
import type { Victim } from './victim.js';

/** Signals that were sent, and how long that took. */
export interface Sent {
  count: number;
  seconds: number;
}

/** A way to flood the program with signals. */
export interface Storm {
  name: string;
  describe: string;
  nodeFlags: (folder: string) => string[];
  orders: Omit<Orders, 'report'>;
  /** Whether it needs a real terminal. */
  terminal?: boolean;
  /** Resolves when sending begins; the result ends it and says how many were sent in how many seconds. */
  send?: (victim: Victim) => Promise<() => Promise<Sent>>;
  /** Signals of a process that has ended, for storms that the process makes itself. */
  count?: (folder: string, received: number) => number;
  /** Seconds that a process lives; it is then ended by a signal, and the next one resumes from its checkpoint. */
  life: () => number;
  /** What ends it. */
  ending: 'SIGTERM' | 'SIGINT';
}

/** Time between signals: 1 kHz. */
const PERIOD_US = 1000;

const SENDER = fileURLToPath(new URL('send-signals.py', import.meta.url));

/** Long enough to compute, short enough that a profile of 10,000 samples a second stays small. */
const USUAL = { nodeFlags: () => [], life: () => 30, ending: 'SIGTERM' } as const;

/** All storms. */
export const STORMS: readonly Storm[] = [
  {
    ...USUAL,
    name: 'resize',
    describe: 'a terminal (tmux) whose size changes up to 1,000 times a second',
    orders: { signal: 'SIGWINCH' },
    terminal: true,
    send: (victim) => sender(victim.pid, victim.tty),
  },
  {
    ...USUAL,
    name: 'children',
    describe: 'child processes of the program ending all the time, four at once',
    orders: { children: true },
    count: (_, received) => received,
  },
  {
    ...USUAL,
    name: 'sigusr2',
    describe: 'SIGUSR2 with a JavaScript handler, up to 1,000 a second',
    orders: { signal: 'SIGUSR2' },
    send: (victim) => sender(victim.pid),
  },
  {
    ...USUAL,
    name: 'cpu-prof',
    describe: 'node --cpu-prof, whose SIGPROF comes every 100 µs',
    nodeFlags: (folder) => ['--cpu-prof', '--cpu-prof-interval', '100', '--cpu-prof-dir', join(folder, 'profiles')],
    orders: {},
    count: takeSamples,
  },
  {
    ...USUAL,
    name: 'ctrl-c',
    describe: 'SIGINT at a random moment within three seconds, then a resume, again and again',
    orders: {},
    count: () => 1,
    life: () => 3 * Math.random(),
    ending: 'SIGINT',
  },
];

async function sender(pid: number, tty?: string): Promise<() => Promise<Sent>> {
  const child = spawn('python3', [SENDER, String(pid), String(PERIOD_US), ...(tty === undefined ? [] : [tty])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const ended = new Promise<void>((resolve, reject) => child.once('close', () => resolve()).once('error', reject));
  await Promise.race([once(child.stdout, 'data'), ended]);
  return async () => {
    child.kill('SIGTERM');
    await ended;
    const [count, seconds] = (out.split('\n')[1] ?? '').split(' ').map(Number);
    return { count, seconds };
  };
}

/** A sample of the profile is a signal. */
function takeSamples(folder: string): number {
  const profiles = join(folder, 'profiles');
  // A process that aborted has left none.
  if (!existsSync(profiles)) return 0;
  const files = readdirSync(profiles, { recursive: true }).map((name) => join(profiles, String(name)));
  const samples = files.map((file) => (JSON.parse(readFileSync(file, 'utf8')) as { samples: number[] }).samples.length);
  rmSync(profiles, { recursive: true });
  return samples.reduce((sum, each) => sum + each, 0);
}

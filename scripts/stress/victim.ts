import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fromSources } from './from-sources.js';
import { type LastWords, type Orders, READY } from './orders.js';

const PRELOAD = new URL('preload.ts', import.meta.url).href;

/** How long a process may take to load its code, on a busy machine. */
const START_SECONDS = 120;

/** How a process of the program ended. */
export interface Ended {
  /** Its exit code, or the signal that ended it. */
  how: number | NodeJS.Signals;
  /** Signals that its handler counted; 0 where it ended before it could say. */
  received: number;
  /** The end of what it printed. */
  said: string;
}

/** A process of the program under a storm. */
export interface Victim {
  pid: number;
  /** Its terminal, if it has one. */
  tty: string | undefined;
  finished: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

/** What to start. */
export interface Launch {
  /** The program's arguments. */
  args: readonly string[];
  nodeFlags: readonly string[];
  env: NodeJS.ProcessEnv;
  orders: Omit<Orders, 'report'>;
  /** Whether it is to run on a real terminal, which tmux provides. */
  terminal: boolean;
  /** An existing folder for small files. */
  folder: string;
}

let launches = 0;

/** Ends what is still running: for when this program ends early. */
const enders = new Set<() => void>();
process.on('exit', () => enders.forEach((end) => end()));

/** Starts the program from its sources and waits until signals may come. */
export async function launch({ args, nodeFlags, env, orders, terminal, folder }: Launch): Promise<Victim> {
  const report = join(folder, `report-${launches++}`);
  const command = [...nodeFlags, ...fromSources(args, [PRELOAD])];
  const environment = { ...env, STRESS: JSON.stringify({ report, ...orders }) };
  const victim = await (terminal ? inTmux(command, environment, folder) : inPipes(command, environment));
  let over = false;
  const finished = victim.finished.then((ended) => {
    over = true;
    const words = takeReport(report);
    if (words === '' || words === READY) return { ...ended, received: 0 };
    const { received, code } = JSON.parse(words) as LastWords;
    return { ...ended, how: ended.how === orders.signal ? code : ended.how, received };
  });
  await until(() => over || takeReport(report, false) === READY, 'the program to start');
  return { ...victim, finished };
}

/** Waits until a condition holds. @throws Error when that takes longer than any start may. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (const deadline = performance.now() + START_SECONDS * 1000; !condition(); await sleep(20)) {
    if (performance.now() > deadline) throw new Error(`waited ${START_SECONDS} s for ${what}, without success`);
  }
}

function takeReport(path: string, remove = true): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  } finally {
    if (remove) rmSync(path, { force: true });
  }
}

type Started = Omit<Victim, 'finished'> & { finished: Promise<Omit<Ended, 'received'>> };

/** How much of its output is kept to explain an unexpected end. */
const SAID = 2000;

function inPipes(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Started> {
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-SAID)));
  const end = () => void child.kill('SIGKILL');
  enders.add(end);
  const finished = new Promise<Omit<Ended, 'received'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      enders.delete(end);
      resolve({ how: signal ?? code ?? -1, said });
    });
  });
  return Promise.resolve({
    pid: child.pid ?? 0,
    tty: undefined,
    finished,
    kill: (signal) => void child.kill(signal),
  });
}

/** A tmux server of its own: its one pane is the process, whose end it remembers. */
async function inTmux(command: readonly string[], env: NodeJS.ProcessEnv, folder: string): Promise<Started> {
  const home = mkdtempSync(join(folder, 'tmux-'));
  const tmux = (...args: string[]) => tmuxCommand(home, args, env);
  const size = ['-x', '100', '-y', '30'];
  await tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    ...size,
    process.execPath,
    ...command,
    ';',
    'set',
    '-g',
    'remain-on-exit',
    'on',
  );
  const [pid, tty] = (await tmux('list-panes', '-F', '#{pane_pid} #{pane_tty}')).split(' ');
  return {
    pid: Number(pid),
    tty,
    finished: paneEnd(tmux, home),
    kill: (signal) => void process.kill(Number(pid), signal),
  };
}

/** Runs a tmux command on the server whose socket lies in `home`. */
async function tmuxCommand(home: string, args: readonly string[], env = process.env): Promise<string> {
  const { stdout } = await promisify(execFile)('tmux', ['-S', join(home, 's'), ...args], {
    env: { ...env, TERM: 'xterm-256color', TMUX: undefined },
  });
  return stdout.trimEnd();
}

async function paneEnd(tmux: (...args: string[]) => Promise<string>, home: string): Promise<Omit<Ended, 'received'>> {
  const end = () => void execFileSync('tmux', ['-S', join(home, 's'), 'kill-server'], { stdio: 'ignore' });
  enders.add(end);
  try {
    for (let round = 0; ; round++) {
      await sleep(250);
      const [dead, code, signal] = (
        await tmux('list-panes', '-F', '#{pane_dead},#{pane_dead_status},#{pane_dead_signal}')
      ).split(',');
      if (dead !== '1') {
        // The window itself, as a user drags it: tmux passes on four sizes a second at most.
        await tmux('resize-window', ...(round % 2 ? ['-x', '100', '-y', '30'] : ['-x', '70', '-y', '24']));
        continue;
      }
      const said = (await tmux('capture-pane', '-p', '-S', '-50')).trimEnd().slice(-SAID);
      return { how: signal ? signalNamed(signal) : Number(code), said };
    }
  } finally {
    enders.delete(end);
    end();
    rmSync(home, { recursive: true, force: true });
  }
}

/** tmux gives a signal as a number or, in newer versions, as a name without SIG. */
function signalNamed(text: string): NodeJS.Signals | number {
  const entries = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  return entries.find(([name, number]) => number === Number(text) || name === `SIG${text}`)?.[0] ?? -1;
}

/** Whether there is a tmux to provide terminals. */
export function hasTmux(): boolean {
  try {
    execFileSync('tmux', ['-V']);
    return true;
  } catch {
    return false;
  }
}

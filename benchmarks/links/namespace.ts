import { execFileSync } from 'node:child_process';
import { lastErrorLine } from '../../src/system/run-command.js';
import type { Line } from './line.js';

/** A network of two: this machine, and a namespace of its own that runs programs. */
export interface Namespace {
  /** The address in the namespace. */
  readonly host: string;
  /** The words before a command that runs in it. */
  readonly prefix: readonly string[];
  readonly close: () => void;
}

/** Addresses for measuring networks (RFC 2544). */
const [HERE, THERE] = ['198.18.0.1', '198.18.0.2'];
/** Packets that netem may hold: more than the line can, so that none is dropped. */
const PACKETS = 100_000;

/**
 * Makes a namespace that is reached over a line of `tc netem`: Linux, with the right to set up networks.
 * @throws Error with the reason where that cannot be.
 */
export function openNamespace({ delayMs, bitsPerSecond }: Line): Namespace {
  const name = `min-char-rnn-${process.pid}`;
  const [near, far] = [`mcr${process.pid}a`, `mcr${process.pid}b`];
  const netem = `root netem delay ${delayMs}ms rate ${bitsPerSecond}bit limit ${PACKETS}`;
  command(`ip netns add ${name}`);
  const close = () => command(`ip netns delete ${name}`);
  try {
    command(`ip link add ${near} type veth peer name ${far} netns ${name}`);
    command(`ip address add ${HERE}/30 dev ${near}`);
    command(`ip link set ${near} up`);
    command(`ip -netns ${name} address add ${THERE}/30 dev ${far}`);
    command(`ip -netns ${name} link set ${far} up`);
    command(`tc qdisc add dev ${near} ${netem}`);
    command(`tc -netns ${name} qdisc add dev ${far} ${netem}`);
  } catch (error) {
    close();
    throw error;
  }
  return { host: THERE, prefix: ['ip', 'netns', 'exec', name], close };
}

function command(line: string): void {
  const [program, ...args] = line.split(' ');
  try {
    execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(stderr ? `${program}: ${lastErrorLine(stderr)}` : `cannot start ${program}`, { cause: error });
  }
}

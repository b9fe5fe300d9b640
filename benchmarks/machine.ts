import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** The machine that a benchmark ran on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
  /** Load average over one minute before the benchmark began; above the rounds' own load it means a busy machine. */
  readonly loadAverage: number;
}

/** Describes this machine, as it is now. */
export async function describeMachine(): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${await distribution()} (${platform()} ${release()} ${arch()})`,
    node: process.version,
    loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

async function distribution(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(release)?.[1] ?? platform();
}

/** The machine in one line, to print above a table. */
export function machineLine(machine: Machine): string {
  const { cpu, cores, memoryGiB, os, node, loadAverage } = machine;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB; ${os}; Node ${node}; load average ${loadAverage}`;
}

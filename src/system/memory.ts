import { totalmem } from 'node:os';

/** Bytes that this process can have: the machine's memory, or less where its container is limited. */
export function memoryOfMachine(): number {
  // 0 or immense where there is no limit.
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** Bytes as messages name them: "5.3 GiB". */
export function inGiB(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

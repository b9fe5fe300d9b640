import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { WindowSize } from '../model/parameters.js';
import { parseJson } from '../system/parse-json.js';
import type { Candidate, Preference } from './choose.js';
import { BACKENDS } from '../options/choices.js';

const candidateSchema = v.object({ backend: v.picklist(BACKENDS), device: v.optional(v.string()) });
const measurementSchema = v.object({
  /** The processor, its threads, Node's version: on another machine, or after an update, the measurement is void. */
  machine: v.string(),
  batchSize: v.number(),
  hiddenSize: v.number(),
  seqLength: v.number(),
  /** ISO 8601, UTC. */
  date: v.string(),
  /** The fastest first. */
  ranking: v.array(candidateSchema),
});

type Measurement = v.InferOutput<typeof measurementSchema>;

/** Of one machine's measurements, the newest are kept. */
const KEPT = 100;

/** Keeps what `doctor --bench` found for a size, for `--backend auto`. @param folder the user's cache folder. */
export function rememberRanking(folder: string, size: WindowSize, ranking: readonly Candidate[]): void {
  const { batchSize, hiddenSize, seqLength } = size;
  const date = new Date().toISOString();
  const kept = { machine: machine(), batchSize, hiddenSize, seqLength, date, ranking: [...ranking] };
  const others = readAll(folder).filter((known) => !isFor(known, size));
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileIn(folder), `${JSON.stringify([...others, kept].slice(-KEPT), null, 2)}\n`);
}

/** The order that was measured on this machine for exactly this size; undefined where none was. */
export function measuredPreference(folder: string, size: WindowSize): Preference | undefined {
  const found = readAll(folder).find((known) => isFor(known, size));
  if (!found || found.ranking.length === 0) return undefined;
  return { candidates: found.ranking, reason: `measured fastest on ${found.date.slice(0, 10)} by doctor --bench` };
}

const fileIn = (folder: string): string => join(folder, 'speeds.json');

function isFor(known: Measurement, { batchSize, hiddenSize, seqLength }: WindowSize): boolean {
  const same = known.batchSize === batchSize && known.hiddenSize === hiddenSize && known.seqLength === seqLength;
  return same && known.machine === machine();
}

function machine(): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} threads, Node ${process.versions.node}`;
}

/** A file that is missing or damaged holds nothing: it is only a cache, and the next measurement replaces it. */
function readAll(folder: string): Measurement[] {
  try {
    return parseJson(v.array(measurementSchema), readFileSync(fileIn(folder), 'utf8')) ?? [];
  } catch {
    return [];
  }
}

import { mkdir, open, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { PbfWriter } from 'pbf';
import { messageOf, UserError } from '../errors.js';
import { GrowingFile } from '../system/growing-file.js';
import { tfRecord } from './tf-record.js';

let opened = 0;

/**
 * Writes scalars to an event file that TensorBoard reads (`tensorboard --logdir <folder>`), without TensorFlow.
 * Each `open` starts a new file; TensorBoard shows all files of one folder as one run.
 * Scalars wait in memory until `flush`, and for as long as they cannot be written.
 */
export class TensorBoardWriter {
  readonly #file: GrowingFile;

  private constructor(path: string) {
    this.#file = new GrowingFile(path);
  }

  /** Where the event file is. */
  get path(): string {
    return this.#file.path;
  }

  /**
   * Starts a new event file and makes its folder if there is none.
   *
   * @param step the first one to come: TensorBoard drops the points that earlier files of the folder have from it on,
   * which a resumed run writes again
   * @param wallTimeSeconds seconds since 1970, part of the file's name: TensorBoard reads files in the order of names,
   * so that a file gets a later second than those there, even if the clock was set back
   * @throws UserError when the folder cannot be written to
   */
  static async open(folder: string, step = 0, wallTimeSeconds = wallTime()): Promise<TensorBoardWriter> {
    const path = await create(folder, wallTimeSeconds);
    const writer = new TensorBoardWriter(path);
    writer.#add(encodeVersion(wallTimeSeconds));
    // Also for a new run: TensorBoard takes the first such event of a folder for no restart.
    writer.#add(encodeStart(step, wallTimeSeconds));
    await writer.flush();
    return writer;
  }

  /**
   * Adds one point to the curve `tag`, e.g. `loss/train`; a slash groups curves on TensorBoard's page.
   * The value is stored as float32; `step` is a whole number; `wallTimeSeconds` counts from 1970.
   */
  scalar(tag: string, value: number, step: number, wallTimeSeconds = wallTime()): void {
    this.#add(encodeScalar({ tag, value, step, wallTimeSeconds }));
  }

  /** Resolves when everything added so far is in the file. @throws UserError where it cannot be written; it is kept. */
  async flush(): Promise<void> {
    await this.#file.flush().catch((error: unknown) => {
      throw new UserError(`the TensorBoard file '${this.path}' must be writable, but ${messageOf(error)}`);
    });
  }

  #add(event: Uint8Array): void {
    this.#file.add(tfRecord(event));
  }
}

/** Seconds since 1970 by a clock that is never set back while the process lives. */
function wallTime(): number {
  return (performance.timeOrigin + performance.now()) / 1000;
}

/** Process and a count keep the files of one second apart. */
function fileName(second: number): string {
  const seconds = String(second).padStart(10, '0');
  return `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${opened++}`;
}

async function create(folder: string, wallTimeSeconds: number): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    const seconds = (await readdir(folder)).map((name) =>
      Number(/^events\.out\.tfevents\.(\d+)\./.exec(name)?.[1] ?? -1),
    );
    const path = join(folder, fileName(Math.max(Math.floor(wallTimeSeconds), ...seconds.map((second) => second + 1))));
    await (await open(path, 'ax')).close();
    return path;
  } catch (error) {
    throw new UserError(
      `the TensorBoard folder '${folder}' must be writable, but ${messageOf(error)}; choose another folder`,
    );
  }
}

interface Scalar {
  tag: string;
  value: number;
  step: number;
  wallTimeSeconds: number;
}

// The numbers below are the field numbers of TensorFlow's event.proto and summary.proto.

function encodeVersion(wallTimeSeconds: number): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(1, wallTimeSeconds);
  event.writeStringField(3, 'brain.Event:2');
  return event.finish();
}

function encodeStart(step: number, wallTimeSeconds: number): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(1, wallTimeSeconds);
  event.writeVarintField(2, step);
  event.writeMessage(7, writeSessionLog, SESSION_START);
  return event.finish();
}

/** SessionLog.SessionStatus.START */
const SESSION_START = 1;

function writeSessionLog(status: number, sessionLog: PbfWriter): void {
  sessionLog.writeVarintField(1, status);
}

function encodeScalar(scalar: Scalar): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(1, scalar.wallTimeSeconds);
  event.writeVarintField(2, scalar.step);
  event.writeMessage(5, writeSummary, scalar);
  return event.finish();
}

function writeSummary(scalar: Scalar, summary: PbfWriter): void {
  summary.writeMessage(1, writeSummaryValue, scalar);
}

function writeSummaryValue({ tag, value }: Scalar, summaryValue: PbfWriter): void {
  summaryValue.writeStringField(1, tag);
  summaryValue.writeFloatField(2, value);
}

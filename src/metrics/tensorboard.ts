import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { PbfWriter } from 'pbf';
import { messageOf, UserError } from '../errors.js';
import { tfRecord } from './tf-record.js';

let opened = 0;

/**
 * Writes scalars to an event file that TensorBoard reads (`tensorboard --logdir <folder>`), without TensorFlow.
 * Each `open` starts a new file; TensorBoard shows all files of one folder as one run.
 * Scalars wait in memory until `flush` or `close`.
 */
export class TensorBoardWriter {
  /** Where the event file is. */
  readonly path: string;
  readonly #file: FileHandle;
  #pending: Uint8Array[] = [];
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /**
   * Starts a new event file and makes its folder if there is none.
   *
   * @param wallTimeSeconds seconds since 1970, part of the file's name: TensorBoard reads files in the order of names
   * @throws UserError when the folder cannot be written to
   */
  static async open(folder: string, wallTimeSeconds = Date.now() / 1000): Promise<TensorBoardWriter> {
    const path = join(folder, fileName(wallTimeSeconds));
    const writer = new TensorBoardWriter(path, await create(folder, path));
    writer.#add(encodeVersion(wallTimeSeconds));
    await writer.flush();
    return writer;
  }

  /**
   * Adds one point to the curve `tag`, e.g. `loss/train`; a slash groups curves on TensorBoard's page.
   * The value is stored as float32; `step` is a whole number; `wallTimeSeconds` counts from 1970.
   */
  scalar(tag: string, value: number, step: number, wallTimeSeconds: number): void {
    this.#add(encodeScalar({ tag, value, step, wallTimeSeconds }));
  }

  /** Resolves when everything added so far is in the file. */
  flush(): Promise<void> {
    const bytes = Buffer.concat(this.#pending.splice(0));
    this.#written = this.#written.then(() => this.#file.appendFile(bytes));
    return this.#written;
  }

  /** Flushes, then gives the file back. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  #add(event: Uint8Array): void {
    this.#pending.push(tfRecord(event));
  }
}

/** Process and a count keep the files of one second apart. */
function fileName(wallTimeSeconds: number): string {
  const seconds = String(Math.floor(wallTimeSeconds)).padStart(10, '0');
  return `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${opened++}`;
}

async function create(folder: string, path: string): Promise<FileHandle> {
  try {
    await mkdir(folder, { recursive: true });
    return await open(path, 'ax');
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

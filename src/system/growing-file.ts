import { type FileHandle, open } from 'node:fs/promises';

/**
 * A file that bytes are added to at its end. What cannot be written, because the disk is full or the folder is gone,
 * waits in memory and goes first the next time: no byte is lost, none comes twice, and no line stays cut in two.
 */
export class GrowingFile {
  #waiting = Buffer.alloc(0);
  #pending: Uint8Array[] = [];
  #written: Promise<void> = Promise.resolve();

  constructor(readonly path: string) {}

  /** Adds bytes; they wait for `flush`. */
  add(bytes: Uint8Array): void {
    this.#pending.push(bytes);
  }

  /** Resolves when everything added so far is in the file. @throws the system's error, with the rest still waiting. */
  flush(): Promise<void> {
    const written = this.#written.then(() => this.#write());
    this.#written = written.catch(() => undefined);
    return written;
  }

  async #write(): Promise<void> {
    this.#waiting = Buffer.concat([this.#waiting, ...this.#pending.splice(0)]);
    if (this.#waiting.length === 0) return;
    // Opened each time: a file that was moved away or removed meanwhile is made again.
    const file = await open(this.path, 'a');
    try {
      await this.#writeTo(file);
    } finally {
      await file.close();
    }
  }

  async #writeTo(file: FileHandle): Promise<void> {
    while (this.#waiting.length > 0) {
      // A disk that fills up takes a part and says how much.
      const { bytesWritten } = await file.write(this.#waiting);
      this.#waiting = this.#waiting.subarray(bytesWritten);
    }
  }
}

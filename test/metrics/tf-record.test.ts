import { describe, expect, it } from 'vitest';
import { maskedCrc32c, tfRecord } from '../../src/metrics/tf-record.js';

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('the masked checksum', () => {
  // The checksums before masking are those of RFC 3720, B.4, and of the check value of CRC-32C: 8a9136aa, e3069283.
  it.each([
    ['32 zeros', new Uint8Array(32), 0x0fd7fffa],
    ['the digits 1 to 9', Buffer.from('123456789'), 0xc78ab0e5],
  ])('is the published CRC32C of %s, rotated and moved', (_name, bytes, masked) => {
    expect(maskedCrc32c(bytes)).toBe(masked);
  });
});

describe('a TFRecord', () => {
  // Computed with a bit-by-bit CRC32C in Python.
  it('holds the length, its checksum, the message and its checksum, least significant byte first', () => {
    expect(hex(tfRecord(Buffer.from('abc')))).toBe('0300000000000000b099490e6162636e57f121');
  });

  it('may be empty', () => {
    expect(hex(tfRecord(new Uint8Array()))).toBe('000000000000000029039807d8ea82a2');
  });
});

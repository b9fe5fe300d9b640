import crc32c from 'crc-32/crc32c.js';

const MASK_DELTA = 0xa282ead8;

/**
 * The TFRecord frame around one message, the unit that TensorBoard's event files are made of.
 * Little-endian: length (8 bytes), masked CRC32C of those 8 (4), the message, masked CRC32C of the message (4).
 *
 * @see https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 */
export function tfRecord(message: Uint8Array): Uint8Array {
  const record = Buffer.alloc(8 + 4 + message.length + 4);
  record.writeBigUInt64LE(BigInt(message.length), 0);
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(message, 12);
  record.writeUInt32LE(maskedCrc32c(message), 12 + message.length);
  return record;
}

/**
 * CRC32C rotated right by 15 bits plus a constant, as an unsigned 32-bit number: a checksum that lies inside
 * checksummed data should not look like one.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}

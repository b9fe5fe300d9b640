import { WasmFunction } from './assembler.js';
import { copyBytes, fillZeros } from './instructions.js';

/**
 * copy(from, to, bytes) and clear(to, bytes), which sets bytes to 0: the same with an array's methods takes several times
 * as long as what is copied here.
 */
export function memory(): WasmFunction[] {
  const copy = new WasmFunction('copy', ['from', 'to', 'bytes']);
  const { from, to, bytes } = copy.parameters;
  copy.body = copyBytes(from.get, to.get, bytes.get);
  const clear = new WasmFunction('clear', ['to', 'bytes']);
  clear.body = fillZeros(clear.parameters.to.get, clear.parameters.bytes.get);
  return [copy, clear];
}

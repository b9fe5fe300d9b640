import { setFlagsFromString } from 'node:v8';
import { type Code, unsigned } from './assembler.js';

/** The part of the WebAssembly API that is used here; TypeScript declares it for browsers only. */
export const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object, imports: object) => { readonly exports: unknown };
    validate(bytes: Uint8Array): boolean;
  };
};

/** f32x4.relaxed_madd, a b + c, rounded once where the processor can: twice as fast as two instructions. */
export const RELAXED_MADD: Code = [0xfd, unsigned(0x105)];

/**
 * Whether this Node.js knows the instruction (WebAssembly 3.0, relaxed SIMD). Node.js 20 has it behind a flag of V8,
 * which is set here; from 22 on it is always there.
 */
export const HAS_RELAXED_MADD = isKnown() || (setFlagsFromString('--experimental-wasm-relaxed-simd'), isKnown());

/** Validates a module with one function that multiplies and adds four times zero. */
function isKnown(): boolean {
  const zero = [0xfd, 0x0c, ...Array<number>(16).fill(0)];
  const body = [0, ...zero, ...zero, ...zero, 0xfd, 0x85, 0x02, 0x1a, 0x0b];
  const sections = [[1, 4, 1, 0x60, 0, 0], [3, 2, 1, 0], [10, body.length + 2, 1, body.length, ...body]]; // prettier-ignore
  return WebAssembly.validate(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]));
}

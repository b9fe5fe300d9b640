/** Bytes of WebAssembly, nested as they were put together: an expression leaves its value on the stack, a statement nothing. */
export type Code = number | readonly Code[] | Alternatives;

/** Code with an instruction of relaxed SIMD, and what is to be done without. */
interface Alternatives {
  readonly relaxed: Code;
  readonly plain: Code;
}

/** Numbers by which the binary format names types. */
const TYPES = { i32: 0x7f, v128: 0x7b };

/** A local variable or parameter of a function. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
}

/** A function being written, with i32 parameters and no result. */
export class WasmFunction<Parameter extends string = string> {
  readonly parameters: Readonly<Record<Parameter, Local>>;
  readonly arity: number;
  body: Code = [];
  readonly #locals: (keyof typeof TYPES)[] = [];

  constructor(
    readonly name: string,
    parameters: readonly Parameter[],
  ) {
    this.arity = parameters.length;
    const entries = parameters.map((parameter, index) => [parameter, localAt(index)]);
    this.parameters = Object.fromEntries(entries) as Record<Parameter, Local>;
  }

  local(type: keyof typeof TYPES): Local {
    this.#locals.push(type);
    return localAt(this.arity + this.#locals.length - 1);
  }

  locals(type: keyof typeof TYPES, count: number): Local[] {
    return Array.from({ length: count }, () => this.local(type));
  }

  /** The function as the code section wants it. */
  encode(relaxed: boolean): Code {
    return sized([vector(this.#locals.map((type) => [1, TYPES[type]])), this.body, END], relaxed);
  }
}

const END = 0x0b;

function localAt(index: number): Local {
  const number = unsigned(index);
  return { get: [0x20, number], set: (value) => [value, 0x21, number] };
}

/** The lowest 32 bits of an integer as unsigned LEB128: seven bits a byte, the lowest first. */
export function unsigned(value: number): Code {
  return value < 0x80 ? value : [(value & 0x7f) | 0x80, unsigned(value >>> 7)];
}

/** An integer as signed LEB128. */
export function signed(value: number): Code {
  return value >= -0x40 && value < 0x40 ? value & 0x7f : [(value & 0x7f) | 0x80, signed(value >> 7)];
}

function vector(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}

function sized(code: Code, relaxed = false): Code {
  const bytes = flatten(code, [], relaxed);
  return [unsigned(bytes.length), bytes];
}

function text(value: string): Code {
  return sized([...Buffer.from(value)]);
}

function flatten(code: Code, bytes: number[], relaxed: boolean): number[] {
  if (typeof code === 'number') bytes.push(code);
  else if ('plain' in code) flatten(relaxed ? code.relaxed : code.plain, bytes, relaxed);
  else for (const part of code) flatten(part, bytes, relaxed);
  return bytes;
}

/**
 * A module that imports its memory as `env.memory` and exports the functions (WebAssembly core specification, 5.5).
 * @param relaxed whether it may have instructions of relaxed SIMD, which not every engine knows.
 */
export function assemble(functions: readonly WasmFunction[], relaxed: boolean): Uint8Array {
  const sections: Code[] = [
    [1, sized(vector(functions.map(({ arity }) => [0x60, vector(Array<Code>(arity).fill(TYPES.i32)), 0])))],
    [2, sized(vector([[text('env'), text('memory'), 0x02, 0x00, 0x00]]))],
    [3, sized(vector(functions.map((_, index) => unsigned(index))))],
    [7, sized(vector(functions.map(({ name }, index) => [text(name), 0x00, unsigned(index)])))],
    [10, sized(vector(functions.map((each) => each.encode(relaxed))))],
  ];
  const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  return Uint8Array.from(flatten([magic, sections], [], relaxed));
}

import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { numberUniforms, programOf } from './shader.js';

/**
 * A workgroup takes some streams, a tile, through all T steps, its invocations the H units between them. A number of Whh
 * that an invocation has read serves all streams of the tile, one component of a vector each.
 */
const LANES = { multiple: 64, most: 256 };

/** Bytes of workgroup memory that every WebGPU device has: the rows of the step before, of all streams of a tile. */
const WORKGROUP_BYTES = 16_384;

/** The streams of a tile, the most first: as many as there are vectors for. */
const TILES = [4, 2, 1] as const;

/** One of `TILES`. */
type Tile = (typeof TILES)[number];

/** Streams that share what a workgroup reads of Whh: as many as there are, and as fit into its memory. */
export function tileOf(streams: number, H: number): Tile {
  return TILES.find((tile) => tile <= streams && tile * H * 4 <= WORKGROUP_BYTES) ?? 1;
}

/**
 * Bytes of Whh that `FUSED_RECURRENCE` reads in a window: all of it at each step, for each tile. With 256 streams, 64
 * steps and 1,024 units that is 17 GB, where 69 GB were read if each stream read its own.
 */
export function weightBytesRead(streams: number, steps: number, H: number): number {
  return Math.ceil(streams / tileOf(streams, H)) * steps * H * H * 4;
}

/**
 * tanh: WGSL's own may overflow to a NaN where x is large, and a quotient of exponentials loses the digits of a small x.
 * There the series of tanh at 0; the first term left out is 62 x⁹ / 2835, below a float's half digit.
 */
const TANH = `
  fn tanhOf(x : f32) -> f32 {
    let square = x * x;
    if (square < 0.03) {
      return x * (1.0 + square * (-1.0 / 3.0 + square * (2.0 / 15.0 - square * 17.0 / 315.0)));
    }
    let falling = exp(-2.0 * abs(x));
    return sign(x) * (1.0 - falling) / (1.0 + falling);
  }`;

/** What the code of both kernels depends on. */
interface Layout {
  readonly H: number;
  readonly lanes: number;
  readonly tile: Tile;
}

const each = (count: number, line: (i: number) => string, between = ' '): string =>
  Array.from({ length: count }, (_, i) => line(i)).join(between);

/** The type of a number of each stream of a tile. */
const typeOf = ({ tile }: Layout): string => (tile === 1 ? 'f32' : `vec${tile}<f32>`);

const componentOf = ({ tile }: Layout, value: string, stream: number): string =>
  tile === 1 ? value : `${value}[${stream}]`;

/** Units of an invocation. */
const unitsOf = ({ H, lanes }: Layout): number => Math.ceil(H / lanes);

/** A function that reads what is at a place in each stream of a tile; past the last stream it reads what is not used. */
const readerOf = (buffer: string, layout: Layout): string => `
  fn ${buffer}At(at : i32) -> ${typeOf(layout)} {
    return ${typeOf(layout)}(${each(layout.tile, (s) => `${buffer}[at + ${s * layout.H}]`, ', ')});
  }`;

/** A function that writes to each stream of a tile that there is, the first of them by its number. */
const writerOf = (layout: Layout): string => `
  fn put(first : i32, at : i32, value : ${typeOf(layout)}) {
    ${each(layout.tile, (s) => `if (first + ${s} < uniforms.streams) { result[at + ${s * layout.H}] = ${componentOf(layout, 'value', s)}; }`)}
  }`;

/**
 * An invocation's units of a step: sums that start as `start` says, with products of the rows of the step before, and
 * `made` of them. Between two barriers the rows are only read or only written.
 */
const stepCode = (layout: Layout, terms: string, start: string): string => `
      ${each(unitsOf(layout), (u) => `let at${u} = at + lane + ${u * layout.lanes}; var sum${u} = ${start}(at${u});`)}
      for (var k = 0; k < ${terms}; k++) {
        let before = row[k];
        let weight = k * ${layout.H} + lane;
        ${each(unitsOf(layout), (u) => `sum${u} += before * weights[weight + ${u * layout.lanes}];`)}
      }
      workgroupBarrier();
      ${each(
        unitsOf(layout),
        (u) => `if (lane + ${u * layout.lanes} < ${layout.H}) {
          row[lane + ${u * layout.lanes}] = made(first, at${u}, sum${u});
        }`,
      )}
      workgroupBarrier();`;

const forwardCode = (layout: Layout): string => `
  var<workgroup> row : array<${typeOf(layout)}, ${layout.H}>;
  ${TANH}
  ${readerOf('x', layout)}
  ${readerOf('hidden', layout)}
  ${writerOf(layout)}
  fn made(first : i32, at : i32, sum : ${typeOf(layout)}) -> ${typeOf(layout)} {
    let h = ${typeOf(layout)}(${each(layout.tile, (s) => `tanhOf(${componentOf(layout, 'sum', s)})`, ', ')});
    put(first, at + uniforms.streams * ${layout.H}, h);
    return h;
  }
  fn main(index : i32) {
    let first = index / ${layout.lanes} * ${layout.tile};
    let lane = index % ${layout.lanes};
    for (var j = lane; j < ${layout.H}; j += ${layout.lanes}) {
      row[j] = hiddenAt(first * ${layout.H} + j);
      put(first, first * ${layout.H} + j, row[j]);
    }
    workgroupBarrier();
    for (var t = 0; t < uniforms.steps; t++) {
      let at = (t * uniforms.streams + first) * ${layout.H};
      ${stepCode(layout, String(layout.H), 'xAt')}
    }
  }`;

const backwardCode = (layout: Layout): string => `
  var<workgroup> row : array<${typeOf(layout)}, ${layout.H}>;
  ${readerOf('wanted', layout)}
  ${readerOf('states', layout)}
  ${writerOf(layout)}
  fn made(first : i32, at : i32, sum : ${typeOf(layout)}) -> ${typeOf(layout)} {
    let h = statesAt(at + uniforms.streams * ${layout.H});
    let d = sum * (1.0 - h * h);
    put(first, at, d);
    return d;
  }
  fn main(index : i32) {
    let first = index / ${layout.lanes} * ${layout.tile};
    let lane = index % ${layout.lanes};
    for (var t = uniforms.steps - 1; t >= 0; t--) {
      let at = (t * uniforms.streams + first) * ${layout.H};
      let terms = select(${layout.H}, 0, t == uniforms.steps - 1);
      ${stepCode(layout, 'terms', 'wantedAt')}
    }
  }`;

/** `FUSED_RECURRENCE` in one dispatch. */
export const fusedRecurrence: KernelFunc = ({ inputs, backend }) => {
  const { steps, hidden, Whh } = inputs as Record<'steps' | 'hidden' | 'Whh', TensorInfo>;
  const [TB, H] = steps.shape;
  const [B] = hidden.shape;
  const layout = layoutOf(B, H);
  const program = programOf({
    key: `recurrence ${H} ${layout.tile}`,
    outputShape: [TB + B, H],
    inputs: ['x', 'hidden', 'weights'],
    workgroup: layout.lanes,
    workgroups: Math.ceil(B / layout.tile),
    numbers: ['steps', 'streams'],
    code: forwardCode(layout),
  });
  const uniforms = numberUniforms(TB / B, B);
  return (backend as WebGPUBackend).runWebGPUProgram(program, [steps, hidden, Whh], 'float32', uniforms);
};

/** `FUSED_RECURRENCE_BACKWARD` in one dispatch. */
export const fusedRecurrenceBackward: KernelFunc = ({ inputs, backend }) => {
  const { states, dHiddens, WhhT } = inputs as Record<'states' | 'dHiddens' | 'WhhT', TensorInfo>;
  const [TB, H] = dHiddens.shape;
  const B = states.shape[0] - TB;
  const layout = layoutOf(B, H);
  const program = programOf({
    key: `recurrence backward ${H} ${layout.tile}`,
    outputShape: [TB, H],
    inputs: ['states', 'wanted', 'weights'],
    workgroup: layout.lanes,
    workgroups: Math.ceil(B / layout.tile),
    numbers: ['steps', 'streams'],
    code: backwardCode(layout),
  });
  const uniforms = numberUniforms(TB / B, B);
  return (backend as WebGPUBackend).runWebGPUProgram(program, [states, dHiddens, WhhT], 'float32', uniforms);
};

function layoutOf(streams: number, H: number): Layout {
  const lanes = Math.min(LANES.most, LANES.multiple * Math.ceil(H / LANES.multiple));
  return { H, lanes, tile: tileOf(streams, H) };
}

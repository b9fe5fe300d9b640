import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { numberUniforms, programOf } from './shader.js';

/**
 * A workgroup takes a stream through all T steps, its invocations the H units between them; the row of the step before
 * lies in workgroup memory, beside the row being made, so that one barrier a step is enough.
 */
const LANES = { multiple: 64, most: 256 };

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

const forwardCode = (H: number, lanes: number): string => `
  var<workgroup> row : array<f32, ${2 * H}>;
  ${TANH}
  fn main(index : i32) {
    let stream = index / ${lanes};
    let lane = index % ${lanes};
    for (var j = lane; j < ${H}; j += ${lanes}) {
      row[j] = hidden[stream * ${H} + j];
      result[stream * ${H} + j] = row[j];
    }
    workgroupBarrier();
    for (var t = 0; t < uniforms.steps; t++) {
      let old = (t % 2) * ${H};
      let at = (t * uniforms.streams + stream) * ${H};
      for (var j = lane; j < ${H}; j += ${lanes}) {
        var sum = x[at + j];
        for (var k = 0; k < ${H}; k++) {
          sum += row[old + k] * weights[k * ${H} + j];
        }
        let h = tanhOf(sum);
        row[${H} - old + j] = h;
        result[at + uniforms.streams * ${H} + j] = h;
      }
      workgroupBarrier();
    }
  }`;

const backwardCode = (H: number, lanes: number): string => `
  var<workgroup> row : array<f32, ${2 * H}>;
  fn main(index : i32) {
    let stream = index / ${lanes};
    let lane = index % ${lanes};
    for (var t = uniforms.steps - 1; t >= 0; t--) {
      let old = (t % 2) * ${H};
      let at = (t * uniforms.streams + stream) * ${H};
      let terms = select(${H}, 0, t == uniforms.steps - 1);
      for (var j = lane; j < ${H}; j += ${lanes}) {
        var sum = wanted[at + j];
        for (var k = 0; k < terms; k++) {
          sum += row[old + k] * weights[k * ${H} + j];
        }
        let h = states[at + uniforms.streams * ${H} + j];
        let d = sum * (1.0 - h * h);
        row[${H} - old + j] = d;
        result[at + j] = d;
      }
      workgroupBarrier();
    }
  }`;

/** `FUSED_RECURRENCE` in one dispatch. */
export const fusedRecurrence: KernelFunc = ({ inputs, backend }) => {
  const { steps, hidden, Whh } = inputs as Record<'steps' | 'hidden' | 'Whh', TensorInfo>;
  const [TB, H] = steps.shape;
  const [B] = hidden.shape;
  const lanes = lanesFor(H);
  const program = programOf({
    key: `recurrence ${H}`,
    outputShape: [TB + B, H],
    inputs: ['x', 'hidden', 'weights'],
    workgroup: lanes,
    workgroups: B,
    numbers: ['steps', 'streams'],
    code: forwardCode(H, lanes),
  });
  const uniforms = numberUniforms(TB / B, B);
  return (backend as WebGPUBackend).runWebGPUProgram(program, [steps, hidden, Whh], 'float32', uniforms);
};

/** `FUSED_RECURRENCE_BACKWARD` in one dispatch. */
export const fusedRecurrenceBackward: KernelFunc = ({ inputs, backend }) => {
  const { states, dHiddens, WhhT } = inputs as Record<'states' | 'dHiddens' | 'WhhT', TensorInfo>;
  const [TB, H] = dHiddens.shape;
  const B = states.shape[0] - TB;
  const lanes = lanesFor(H);
  const program = programOf({
    key: `recurrence backward ${H}`,
    outputShape: [TB, H],
    inputs: ['states', 'wanted', 'weights'],
    workgroup: lanes,
    workgroups: B,
    numbers: ['steps', 'streams'],
    code: backwardCode(H, lanes),
  });
  const uniforms = numberUniforms(TB / B, B);
  return (backend as WebGPUBackend).runWebGPUProgram(program, [states, dHiddens, WhhT], 'float32', uniforms);
};

function lanesFor(H: number): number {
  return Math.min(LANES.most, LANES.multiple * Math.ceil(H / LANES.multiple));
}

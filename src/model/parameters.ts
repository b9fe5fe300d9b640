import type { Initialization } from '../options/choices.js';
/** The five parameters, in the order in which every file and every list holds them. */
export const PARAMETER_NAMES = ['Wxh', 'Whh', 'Why', 'bh', 'by'] as const;

/** One of the five parameters. */
export type ParameterName = (typeof PARAMETER_NAMES)[number];

/**
 * What weight decay makes smaller: the weights that every window uses. Wxh is not among them, of which a window uses the
 * rows of its own symbols, nor are the biases.
 */
export const DECAYED: ReadonlySet<ParameterName> = new Set(['Whh', 'Why']);

/** One value for each parameter: its array, its shape, its gradient, its Adagrad memory. */
export type PerParameter<Value> = Record<ParameterName, Value>;

/** What decides the shapes: H hidden units and V symbols. */
export interface ModelSize {
  readonly hiddenSize: number;
  readonly vocabularySize: number;
}

/** What decides the work of a time step, the symbols' part aside: B streams side by side and H hidden units. */
export interface StepSize {
  readonly batchSize: number;
  readonly hiddenSize: number;
}

/** What decides the work of a training window: a step's size and T time steps. */
export interface WindowSize extends StepSize {
  readonly seqLength: number;
}

/** Where initial weights are drawn from, see `Random`. */
export interface NormalDraws {
  /** `length` draws from N(0, standardDeviation²), rounded to float32. */
  normals(length: number, standardDeviation: number): Float32Array;
}

/** Everything that a training step changes, on the host: float32, row by row, in the shapes of `parameterShapes`. */
export interface TrainingState {
  parameters: PerParameter<Float32Array>;
  /** Adagrad's sums of squared gradients, shaped as the parameters. */
  memories: PerParameter<Float32Array>;
  /** Hidden state carried from window to window, (B, H). */
  hidden: Float32Array;
}

/** Whether no value of a state is infinite or NaN. */
export function isFiniteState({ parameters, memories, hidden }: TrainingState): boolean {
  const arrays = [...Object.values(parameters), ...Object.values(memories), hidden];
  return arrays.every((values) => values.every((value) => Number.isFinite(value)));
}

/** Builds a record over the five parameters. */
export function perParameter<Value>(make: (name: ParameterName) => Value): PerParameter<Value> {
  return { Wxh: make('Wxh'), Whh: make('Whh'), Why: make('Why'), bh: make('bh'), by: make('by') };
}

/** The shapes of the specification: Wxh (H, V), Whh (H, H), Why (V, H), bh (H), by (V). */
export function parameterShapes({ hiddenSize: H, vocabularySize: V }: ModelSize): PerParameter<readonly number[]> {
  return { Wxh: [H, V], Whh: [H, H], Why: [V, H], bh: [H], by: [V] };
}

/** The number of values that a shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** The number of weights and biases of a model. */
export function parameterCount(size: ModelSize): number {
  return Object.values(parameterShapes(size)).reduce((sum, shape) => sum + sizeOf(shape), 0);
}

/** Weights drawn from `random` in the order Wxh, Whh, Why; biases, memories and hidden state (B, H) zero. */
export function initialState(
  size: ModelSize,
  batchSize: number,
  initialization: Initialization,
  random: NormalDraws,
): TrainingState {
  const shapes = parameterShapes(size);
  const scaled = 1 / Math.sqrt(size.hiddenSize);
  const deviations =
    initialization === 'paper' ? { Wxh: 0.01, Whh: 0.01, Why: 0.01 } : { Wxh: 0.1, Whh: scaled, Why: scaled };
  const zeros = (name: ParameterName) => new Float32Array(sizeOf(shapes[name]));
  const draw = (name: 'Wxh' | 'Whh' | 'Why') => random.normals(sizeOf(shapes[name]), deviations[name]);
  return {
    parameters: { Wxh: draw('Wxh'), Whh: draw('Whh'), Why: draw('Why'), bh: zeros('bh'), by: zeros('by') },
    memories: perParameter(zeros),
    hidden: new Float32Array(batchSize * size.hiddenSize),
  };
}

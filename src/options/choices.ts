/** What computes. */
export const BACKENDS = ['tensorflow', 'webgpu', 'wasm', 'pure'] as const;

/** One of the backends. */
export type BackendName = (typeof BACKENDS)[number];

/** What a symbol is: a character of UTF-8 text, or a byte of any file. */
export const ENCODINGS = ['utf-8', 'bytes'] as const;

/** One of the encodings. */
export type Encoding = (typeof ENCODINGS)[number];

/** `paper`: all weights N(0, 0.01²), as in the minimal program. `scaled`: Wxh N(0, 0.1²), Whh and Why N(0, 1/H). */
export const INITIALIZATIONS = ['paper', 'scaled'] as const;

/** One of the initializations. */
export type Initialization = (typeof INITIALIZATIONS)[number];

/** `none`: the same rate throughout. `linear`: falls in a line to 5 % of it at the run's limit. */
export const DECAYS = ['none', 'linear'] as const;

/** How a learning rate falls. */
export type Decay = (typeof DECAYS)[number];

/** `none`: the rate as it is. `sqrt`: times the square root of the step, by which Adagrad slows down. */
export const RISES = ['none', 'sqrt'] as const;

/** How a learning rate rises. */
export type Rise = (typeof RISES)[number];

/** The named sets of defaults, see `PRESETS`. */
export const PRESET_NAMES = ['seed', 'fast', 'gpu'] as const;

/** The name of a preset. */
export type Preset = (typeof PRESET_NAMES)[number];

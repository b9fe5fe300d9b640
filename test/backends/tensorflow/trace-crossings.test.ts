import { expect, it, onTestFinished } from 'vitest';
import { loadTensorflow } from '../../../src/backends/tensorflow/load.js';
import { type Binding, nativeBackend } from '../../../src/backends/tensorflow/native-backend.js';
import { initialState } from '../../../src/model/parameters.js';
import { Random } from '../../../src/sampling/random.js';
import { describeBackend } from '../../model/describe-backend.js';

/** Sizes of which no two tensors of the state, nor of a window, have as many elements. */
const CONFIG = { batchSize: 4, seqLength: 5, hiddenSize: 17, vocabularySize: 13, gradClip: 5 };
const WINDOWS = 3;

/** Every call through which values cross between TensorFlow and JavaScript, and every op, in order. */
function watchBinding(): string[] {
  const backend = nativeBackend();
  const { binding } = backend;
  const seen: string[] = [];
  const names = Object.getOwnPropertyNames(binding);
  const copy = Object.fromEntries(names.map((name) => [name, Reflect.get(binding, name) as unknown]));
  const watched: Pick<Binding, 'createTensor' | 'tensorDataSync' | 'executeOp'> = {
    createTensor(shape, dtype, values) {
      seen.push(`create ${shape.join('x')}`);
      return binding.createTensor(shape, dtype, values);
    },
    tensorDataSync(id) {
      const values = binding.tensorDataSync(id);
      seen.push(`read ${(values as Float32Array).length}`);
      return values;
    },
    executeOp(op, ...rest) {
      seen.push(`execute ${op.replace(/\d+$/, '')}`);
      return binding.executeOp(op, ...rest);
    },
  };
  backend.binding = { ...copy, ...watched } as unknown as Binding;
  onTestFinished(() => void (backend.binding = binding));
  return seen;
}

await describeBackend('a traced call', loadTensorflow, { compile: true }, (runtime) => {
  it('takes symbols and learning rates and gives losses: the state stays where it is computed', async () => {
    const model = runtime.createModel(CONFIG, initialState(CONFIG, CONFIG.batchSize, 'scaled', new Random(1)));
    onTestFinished(() => model.dispose());
    const size = WINDOWS * CONFIG.seqLength * CONFIG.batchSize;
    const symbols = Int32Array.from({ length: size }, (_, i) => i % CONFIG.vocabularySize);
    const train = async () => {
      model.train(symbols, symbols, new Float32Array(WINDOWS).fill(0.1));
      return model.losses();
    };
    await train();
    const seen = watchBinding();
    expect(await train()).toHaveLength(WINDOWS);
    expect(seen).toEqual([
      `create ${size}`,
      `create ${size}`,
      `create ${WINDOWS}`,
      'execute traced_',
      `read ${WINDOWS}`,
    ]);
  });
});

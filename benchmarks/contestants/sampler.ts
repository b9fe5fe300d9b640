// Generates text with random weights on one of our runtimes: a step of `run N` is `--seq-length` characters.
import { initialState } from '../../src/model/parameters.js';
import { Random } from '../../src/sampling/random.js';
import { generate, PLAIN_SAMPLING } from '../../src/sampling/sampler.js';
import { serve, timed } from '../../src/bench/protocol.js';
import { parseChildArguments } from '../settings.js';
import { identityOf, loadOurRuntime, RUNTIME_FLAGS } from './our-runtime.js';

/** V: as in tiny Shakespeare. */
const VOCABULARY_SIZE = 65;

const { settings, own } = parseChildArguments(process.argv.slice(2), RUNTIME_FLAGS);
const runtime = await loadOurRuntime(settings, own);
if (runtime) {
  const size = { hiddenSize: settings.hiddenSize, vocabularySize: VOCABULARY_SIZE };
  const random = new Random(1);
  const { parameters, hidden } = initialState(size, 1, 'scaled', random);
  const model = runtime.createSamplingModel(size, parameters, hidden);
  let last = 0;
  const write = (steps: number) => {
    for (const symbol of generate(model, last, steps * settings.seqLength, PLAIN_SAMPLING, random)) last = symbol;
    return undefined;
  };
  await serve(identityOf(runtime), { run: timed(write) });
}

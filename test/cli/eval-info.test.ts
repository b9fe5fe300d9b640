import { beforeAll, describe, expect, it } from 'vitest';
import { type Checkpoint, loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import type { Validation } from '../../src/trainer/events.js';
import { eventsIn, run, sharedFolder, SMALL, succeed } from './processes.js';

const { path, text } = sharedFolder();
const saved = path('model.safetensors');
let validation: Validation;
let checkpoint: Checkpoint;

beforeAll(async () => {
  const args = '--steps 90 --validation-fraction 0.3 --eval-every 50 --report-every 30 --backend pure --json'.split(
    ' ',
  );
  const { stdout } = await succeed('train', text, ...SMALL, ...args, '--checkpoint', saved);
  const last = eventsIn(stdout).findLast((event): event is Validation => event.type === 'validation');
  if (last?.step !== 90) throw new Error('a run with validation must end with one');
  validation = last;
  checkpoint = await loadCheckpoint(saved);
});

describe.concurrent('eval', () => {
  const evaluate = async (...args: string[]): Promise<Record<string, number>> =>
    JSON.parse((await succeed('eval', saved, text, '--json', ...args)).stdout) as Record<string, number>;

  it('says what the validation of the training run said of the same part of the text', async () => {
    const { natsPerChar, bitsPerChar } = validation;
    const result = await evaluate('--validation-fraction', '0.3', '--backend', 'pure');
    expect(result).toMatchObject({ type: 'evaluation', backend: 'pure', natsPerChar, bitsPerChar, predictions: 899 });
    expect(result.perplexity).toBeCloseTo(Math.exp(natsPerChar), 10);
  });

  it('says nearly the same on another backend, and reads the whole text by default', async () => {
    const [wasm, whole] = await Promise.all([
      evaluate('--validation-fraction', '0.3', '--backend', 'wasm'),
      evaluate('--backend', 'pure'),
    ]);
    expect(Math.abs(wasm.natsPerChar / validation.natsPerChar - 1)).toBeLessThan(1e-5);
    expect(whole.predictions).toBe(2999);
  });

  it('prints one line for people', async () => {
    const { stdout } = await succeed('eval', saved, text, '--validation-fraction', '0.3', '--backend', 'pure');
    expect(stdout).toMatch(/^.*text\.txt: .*\n$/);
    expect(stdout).toContain(`${validation.natsPerChar.toFixed(4)} nats/char`);
  });

  it('refuses a text with other characters in one line', async () => {
    const { code, stderr } = await run(['eval', saved, saved, '--backend', 'pure']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^min-char-rnn: .+\n$/)]);
  });
});

describe.concurrent('info', () => {
  it('prints as JSON what the checkpoint holds', async () => {
    const { stdout } = await succeed('info', saved, '--json');
    const { options, corpus, run, vocabulary } = checkpoint;
    const info = JSON.parse(stdout) as Record<string, unknown> & { vocabulary: string[] };
    expect(info).toMatchObject({
      options,
      corpus,
      step: 90,
      smoothLoss: run.smoothLoss,
      natsPerChar: run.smoothLoss / options.seqLength,
      parameters: 8 * vocabulary.size + 64 + vocabulary.size * 8 + 8 + vocabulary.size,
      history: { training: run.training, validation: run.validation },
    });
    expect(info.vocabulary.length).toBe(vocabulary.size);
    expect(run.training.map(({ step }) => step)).toEqual([30, 60, 90]);
  });

  it('prints for people the same numbers', async () => {
    const { stdout } = await succeed('info', saved);
    const { run, corpus } = checkpoint;
    const nats = [run.smoothLoss / 10, validation.natsPerChar].map((value) => `${value.toFixed(4)} nats/char`);
    for (const part of [saved, '90 steps', corpus.hash.slice(0, 12), ...nats]) expect(stdout).toContain(part);
  });
});

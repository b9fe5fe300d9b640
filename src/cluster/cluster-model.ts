import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../errors.js';
import type { RunOn } from '../model/tensor/compile.js';
import type { TrainingState } from '../model/parameters.js';
import { PARAMETER_NAMES } from '../model/parameters.js';
import { type Division, joinedWindow, partialWindow, streamsOf, sumsOf } from '../model/tensor/partial-window.js';
import type { Span } from '../model/tensor/shards.js';
import type { TensorModel } from '../model/tensor/tensor-model.js';
import { PARAMETER_COUNT, tensorShapes } from '../model/tensor/tensors.js';
import type { Evaluator, Gradients, ModelConfig, TrainableModel, WindowDraws } from '../model/trainable-model.js';
import { assign, type Assignment, type Member } from './team.js';
import { type Question, WorkerLost } from './worker-link.js';

/** A window on the host: symbols (T, B), time-major. */
interface Window {
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
  readonly rate: number;
  /** (B), see `WindowDraws`. */
  readonly kept: Float32Array | undefined;
  /** (H), see `WindowDraws`. */
  readonly units: Float32Array | undefined;
}

/** Who computes beside this process, and who hears of it. */
export interface Team {
  readonly ownThreads: number;
  readonly members: readonly Member[];
  /** Hears, in a line, that a worker is lost. */
  readonly warn: (line: string) => void;
}

/**
 * A model whose training windows are computed by several machines: each computes some of a window's shards from the same
 * weights, and this one sums and updates. All state is here, and changes only when a window's parts are all there: a
 * worker that is lost costs nothing but the time to compute its part again, here.
 */
export class ClusterModel implements TrainableModel {
  readonly backend = 'tensorflow';
  /** What is to be done, one after another: `train` does not wait. */
  #queue: Promise<void> = Promise.resolve();
  #assignment: Assignment;

  /** @param model holds the state, and computes all but training windows. */
  constructor(
    private readonly model: TensorModel,
    private readonly division: Division,
    private readonly team: Team,
  ) {
    this.#assignment = assign(division, team.ownThreads, team.members);
  }

  get config(): ModelConfig {
    return this.model.config;
  }

  train(inputs: Int32Array, targets: Int32Array, learningRates: Float32Array, draws: WindowDraws = {}): void {
    const size = inputs.length / learningRates.length;
    const { batchSize: B, hiddenSize: H } = this.config;
    const windows = Array.from(learningRates, (rate, i): Window => ({
      inputs: inputs.slice(i * size, (i + 1) * size),
      targets: targets.slice(i * size, (i + 1) * size),
      rate,
      kept: draws.kept?.slice(i * B, (i + 1) * B),
      units: draws.units?.slice(i * H, (i + 1) * H),
    }));
    this.#enqueue(async () => {
      for (const window of windows) await this.#trainOn(window);
    });
  }

  async losses(): Promise<Float32Array> {
    await this.#queue;
    return this.model.losses();
  }

  readonly settle = (): Promise<void> => this.#queue;

  resetHidden(): void {
    this.#enqueue(() => this.model.resetHidden());
  }

  async gradients(inputs: Int32Array, targets: Int32Array): Promise<Gradients> {
    await this.#queue;
    return this.model.gradients(inputs, targets);
  }

  evaluator(hidden: Float32Array, seqLength: number): Evaluator {
    const evaluator = this.model.evaluator(hidden, seqLength);
    const after = async <Result>(then: () => Promise<Result>): Promise<Result> => {
      await this.#queue;
      return then();
    };
    return {
      add: (...window) => {
        const [inputs, targets, weights] = window.map((values) => values.slice()) as typeof window;
        this.#enqueue(() => evaluator.add(inputs, targets, weights));
      },
      totals: () => after(() => evaluator.totals()),
      hidden: () => after(() => evaluator.hidden()),
      dispose: () => this.#enqueue(() => evaluator.dispose()),
    };
  }

  async generate(symbol: number, noise: Float32Array, signal?: AbortSignal): Promise<number[]> {
    await this.#queue;
    return this.model.generate(symbol, noise, signal);
  }

  async readHidden(): Promise<Float32Array> {
    await this.#queue;
    return this.model.readHidden();
  }

  async readModel(): Promise<Omit<TrainingState, 'memories'>> {
    await this.#queue;
    return this.model.readModel();
  }

  async read(): Promise<TrainingState> {
    await this.#queue;
    return this.model.read();
  }

  dispose(): void {
    // After a window that is being computed, also where one has failed.
    const close = () => {
      this.team.members.forEach(({ link }) => link.close());
      this.model.dispose();
    };
    this.#queue = this.#queue.then(close, close);
  }

  #enqueue(work: () => void | Promise<void>): void {
    this.#queue = this.#queue.then(work);
    // Whoever waits for the queue hears of it.
    this.#queue.catch(() => undefined);
  }

  async #trainOn(window: Window): Promise<void> {
    const { own, others } = this.#assignment;
    const before = this.model.state[2 * PARAMETER_COUNT].dataSync<'float32'>();
    const hidden = window.kept ? byRow(before, window.kept) : before;
    const asked = others.map(({ member, part }) => ({ member, part, ...member.link.ask(part, this.division) }));
    // Noted now, because a rejection that nobody waits for yet would end the process.
    const answers = asked.map(({ result }) => result.catch((error: unknown) => error as Error));
    // Computing here keeps this process from sending: so all is sent before.
    await this.#send(asked, hidden, window);
    const parts = own ? [{ part: own, tensors: this.#here(() => this.#compute(own, hidden, window)) }] : [];
    for (const [i, { member, part }] of asked.entries()) {
      const answer = await answers[i];
      const isLost = answer instanceof Error;
      if (isLost) this.#leaveOut(member, answer);
      const tensors = () => (isLost ? this.#compute(part, hidden, window) : this.#upload(part, answer));
      parts.push({ part, tensors: this.#here(tensors) });
    }
    this.#here(() => this.#join(parts, window));
  }

  /** Other models may compute on other backends while the workers are waited for. */
  readonly #here: RunOn = (work) => this.model.on.run(work);

  /** Sends what is to be computed: each of the weights is on its way while the next is read. */
  async #send(asked: readonly (Question & { part: Span })[], hidden: Float32Array, window: Window): Promise<void> {
    const sent = asked.map(({ part, give }) => give(Int32Array.of(part.first, part.end)));
    for (const [i, tensor] of this.model.state.slice(0, PARAMETER_COUNT).entries()) {
      const values = tensor.dataSync<'float32'>();
      const weights = i === WHH && window.units ? byRow(values, window.units) : values;
      for (const { give } of asked) sent.push(give(weights));
    }
    for (const { part, give } of asked) sent.push(...Object.values(this.#cut(part, hidden, window)).map(give));
    await Promise.all(sent);
  }

  /** The streams of a part: hidden (b, H), inputs and targets (T, b). */
  #cut(part: Span, hidden: Float32Array, { inputs, targets }: Window) {
    const { batchSize: B, hiddenSize: H, seqLength: T } = this.config;
    const { before, streams } = streamsOf(part, this.division);
    const columns = (symbols: Int32Array): Int32Array<ArrayBuffer> => {
      const some = new Int32Array(T * streams);
      for (let t = 0; t < T; t++) some.set(symbols.subarray(t * B + before, t * B + before + streams), t * streams);
      return some;
    };
    return {
      hidden: hidden.slice(before * H, (before + streams) * H),
      inputs: columns(inputs),
      targets: columns(targets),
    };
  }

  #compute(part: Span, hidden: Float32Array, window: Window): tf.Tensor[] {
    const { hidden: some, inputs, targets } = this.#cut(part, hidden, window);
    const given = [
      tf.tensor2d(some, [some.length / this.config.hiddenSize, this.config.hiddenSize]),
      tf.tensor1d(inputs, 'int32'),
      tf.tensor1d(targets, 'int32'),
    ];
    const name = `part ${part.first}-${part.end}`;
    const parameters = this.model.state.slice(0, PARAMETER_COUNT);
    const { units } = window;
    const product = units && tf.tidy(() => tf.mul(parameters[WHH], tf.tensor2d(units, [units.length, 1])));
    if (product) parameters[WHH] = product;
    const all = [...parameters, ...given];
    const results = this.model.functions.run(name, () => partialWindow(part, this.division), all);
    tf.dispose([given, product ?? []]);
    return results;
  }

  #upload(part: Span, numbers: readonly Float32Array[]): tf.Tensor[] {
    const { streams } = streamsOf(part, this.division);
    const one = [[], ...tensorShapes(this.config)];
    const all = [...sumsOf(part, this.division).flatMap(() => one), [streams, this.config.hiddenSize]];
    return numbers.map((values, i) => tf.tensor(values, all[i], 'float32'));
  }

  #join(parts: { part: Span; tensors: tf.Tensor[] }[], { rate, units }: Window): void {
    const sorted = parts.sort((a, b) => a.part.first - b.part.first);
    const spans = sorted.map(({ part }) => part);
    const drawn = units ? [tf.tensor2d(units, [units.length, 1])] : [];
    const name = `join ${spans.map(({ end }) => end).join(' ')}${units ? ' units' : ''}`;
    const given = [tf.tensor1d([rate]), ...drawn, ...sorted.flatMap(({ tensors }) => tensors)];
    this.model.advance(name, () => joinedWindow(spans, this.division, units !== undefined), given);
  }

  #leaveOut(member: Member, error: Error): void {
    if (!(error instanceof WorkerLost)) throw error;
    const left = this.#assignment.others.map((other) => other.member).filter((other) => other !== member);
    const there = left.filter(({ link }) => link.lost === undefined);
    this.#assignment = assign(this.division, this.team.ownThreads, there);
    const rest = there.length === 0 ? 'alone' : `with ${there.map(({ link }) => link.address.name).join(' and ')}`;
    const why = messageOf(error);
    this.team.warn(
      `warning: worker ${member.link.address.name} is lost (${why}); the run loses nothing and goes on ${rest}`,
    );
  }
}

const WHH = PARAMETER_NAMES.indexOf('Whh');

/** Each row of a matrix multiplied by a number of its own, as a graph does it. @param factors one a row. */
function byRow(matrix: Float32Array, factors: Float32Array): Float32Array<ArrayBuffer> {
  const columns = matrix.length / factors.length;
  return Float32Array.from(matrix, (value, i) => value * factors[Math.floor(i / columns)]);
}

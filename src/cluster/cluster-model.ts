import * as tf from '@tensorflow/tfjs-core';
import type { RunOn } from '../model/tensor/compile.js';
import type { TrainingState } from '../model/parameters.js';
import { type Division, streamsOf } from '../model/tensor/partial-window.js';
import type { Span } from '../model/tensor/shards.js';
import type { TensorModel } from '../model/tensor/tensor-model.js';
import { PARAMETER_COUNT } from '../model/tensor/tensors.js';
import type { Evaluator, Gradients, ModelConfig, TrainableModel, WindowDraws } from '../model/trainable-model.js';
import { ArrayCollector } from '../system/garbage.js';
import { Pauses } from '../system/pauses.js';
import { type Asked, Asker, type Team } from './asker.js';
import { FRAME } from './frames.js';
import { bytesOf, sumSizes } from './layout.js';
import { computePart, type PartResult, type Sums, totalOf, updateBy, uploadSums } from './parts.js';
import { numbersOf, send } from './sending.js';
import type { Member } from './team.js';
import { cutWindow, type Window } from './window.js';
import type { SamplingOptions } from '../sampling/sampler.js';

/** Windows after which workers are sent the weights again: those of other processors may have drifted by a rounding. */
const REFRESH = 1000;

/** Of the event loop until the trainer has given the next window: it takes one itself. */
const TURNS = 2;

/**
 * A model whose training windows are computed by several machines: each computes some of a window's shards, hears what
 * the others' give, and changes its weights as all do. This one alone has all that is saved, and changes it only when a
 * window's parts are all there: a worker that is lost costs nothing but the time to compute its part again, here.
 */
export class ClusterModel implements TrainableModel {
  readonly backend = 'tensorflow';
  /** What is to be done, one after another: `train` does not wait. */
  #queue: Promise<void> = Promise.resolve();
  /** All of that but the last. */
  #earlier = this.#queue;
  /** The windows that are in the queue; undefined where the hidden state goes to zeros. */
  readonly #coming: (Window | undefined)[] = [];
  /** The next window, where it was asked for already. */
  #ahead: Asked | undefined;
  readonly #asker: Asker;
  readonly #pauses = new Pauses();
  readonly #arrays = new ArrayCollector();

  /**
   * @param model holds the state, and computes all but training windows.
   * @param refresh windows after which workers are sent the weights again.
   */
  constructor(
    private readonly model: TensorModel,
    private readonly division: Division,
    private readonly team: Team,
    refresh = REFRESH,
  ) {
    this.#asker = new Asker(division, model.config, team, refresh);
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
    this.#coming.push(...windows);
    this.#enqueue(async () => {
      for (const window of windows) await this.#trainOn(window);
    });
  }

  async losses(): Promise<Float32Array> {
    await this.#queue;
    return this.model.losses();
  }

  /** Lets the caller give the next window while the last is computed. */
  readonly settle = (): Promise<void> => this.#earlier;

  resetHidden(): void {
    this.#coming.push(undefined);
    this.#enqueue(() => {
      this.#coming.shift();
      this.#asker.forgetHidden();
      this.model.resetHidden();
    });
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

  async generate(
    symbol: number,
    draws: Float32Array,
    options: SamplingOptions,
    signal?: AbortSignal,
  ): Promise<number[]> {
    await this.#queue;
    return this.model.generate(symbol, draws, options, signal);
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
    this.#earlier = this.#queue;
    this.#queue = this.#queue.then(work);
    // Whoever waits for the queue hears of it.
    this.#queue.catch(() => undefined);
  }

  async #trainOn(window: Window): Promise<void> {
    const { own, rest, others } = this.#ahead ?? (await this.#asker.ask(window, this.model.state));
    this.#coming.shift();
    const results = own ? [this.#compute(own, window)] : [];
    const members = others.map(({ member }) => member);
    const early = rest === own ? this.#giveRest(members, results[0]) : undefined;
    // Sent while results come: workers go on with it as soon as they have changed their weights.
    await this.#askAhead();
    // Here, because the time until results come is of no use for anything else.
    if (members.length > 0) this.#arrays.count(bytesOf(sumSizes(rest, this.division)));
    for (const { member, part, answer } of others) {
      const numbers = await answer;
      if (numbers instanceof Error) this.#asker.leaveOut(member, numbers);
      results.push(numbers instanceof Error ? this.#compute(part, window) : this.#upload(part, numbers));
    }
    const all = early ? results : this.#total(results);
    await (early ?? this.#giveRest(members, all[0]));
    this.#join(results, all, window);
    members.forEach(({ link }) => link.reuse());
  }

  /** Asks for the window after this one, if it is known. */
  async #askAhead(): Promise<void> {
    // A caller that waits for the window before this one has its turns now.
    for (let turn = 0; turn < TURNS && this.#coming.length === 0; turn++) await this.#pauses.pause();
    const next = this.#coming.at(0);
    this.#ahead = next && (await this.#asker.askAhead(next));
  }

  /** Other models may compute on other backends while the workers are waited for. */
  readonly #here: RunOn = (work) => this.model.on.run(work);

  async #giveRest(members: readonly Member[], { sums }: Sums): Promise<void> {
    if (members.length > 0) await send(members, FRAME.rest, numbersOf(sums));
  }

  #compute(part: Span, window: Window): PartResult {
    const { before, streams } = streamsOf(part, this.division);
    const work = { part, window: cutWindow(part, this.division, window) };
    const parameters = this.model.state.slice(0, PARAMETER_COUNT);
    return this.#here(() => {
      const all = this.model.state[2 * PARAMETER_COUNT] as tf.Tensor2D;
      const hidden = tf.slice(all, [before, 0], [streams, this.config.hiddenSize]);
      const result = computePart(this.model.functions, parameters, hidden, work, this.division);
      hidden.dispose();
      return result;
    });
  }

  #upload(part: Span, numbers: readonly Float32Array[]): PartResult {
    const { streams } = streamsOf(part, this.division);
    return this.#here(() => ({
      part,
      sums: uploadSums(numbers.slice(0, -1), this.division),
      hidden: tf.tensor2d(numbers[numbers.length - 1], [streams, this.config.hiddenSize]),
    }));
  }

  #total(results: readonly PartResult[]): Sums[] {
    if (results.length === 1) return [...results];
    return [this.#here(() => totalOf(this.model.functions, results, this.division))];
  }

  #join(results: readonly PartResult[], sums: readonly Sums[], window: Window): void {
    const hiddens = [...results].sort((a, b) => a.part.first - b.part.first).map(({ hidden }) => hidden);
    this.#here(() => {
      const update = { settings: this.config, parts: sums, window, hiddens };
      const { name, make, given } = updateBy(update, this.division);
      this.model.advance(name, make, given);
      tf.dispose(results.flatMap((each) => each.sums));
    });
  }
}

import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../errors.js';
import type { RunOn } from '../model/tensor/compile.js';
import type { TrainingState } from '../model/parameters.js';
import { type Division, joinedWindow, streamsOf } from '../model/tensor/partial-window.js';
import type { Span } from '../model/tensor/shards.js';
import type { TensorModel } from '../model/tensor/tensor-model.js';
import { PARAMETER_COUNT } from '../model/tensor/tensors.js';
import type { Evaluator, Gradients, ModelConfig, TrainableModel, WindowDraws } from '../model/trainable-model.js';
import { FRAME } from './frames.js';
import { piecesOf, stateSizes, sumSizes, type Work, workSizes } from './layout.js';
import { computePart, type PartResult, totalOf, updateInputs, uploadSums } from './parts.js';
import { assign, type Assignment, type Member } from './team.js';
import { cutWindow, type Window } from './window.js';
import { WorkerLost } from './worker-link.js';

/** Who computes beside this process, and who hears of it. */
export interface Team {
  readonly ownThreads: number;
  readonly members: readonly Member[];
  /** Hears, in a line, that a worker is lost. */
  readonly warn: (line: string) => void;
}

/** Windows after which workers are sent the weights again: those of other processors may have drifted by a rounding. */
const REFRESH = 1000;

/**
 * A model whose training windows are computed by several machines: each computes some of a window's shards, hears what
 * the others' give, and changes its weights as all do. This one alone has all that is saved, and changes it only when a
 * window's parts are all there: a worker that is lost costs nothing but the time to compute its part again, here.
 */
export class ClusterModel implements TrainableModel {
  readonly backend = 'tensorflow';
  /** What is to be done, one after another: `train` does not wait. */
  #queue: Promise<void> = Promise.resolve();
  #assignment: Assignment;
  /** Who has the weights as they are here. */
  #informed: readonly Member[] = [];
  #windows = 0;

  /**
   * @param model holds the state, and computes all but training windows.
   * @param refresh windows after which workers are sent the weights again.
   */
  constructor(
    private readonly model: TensorModel,
    private readonly division: Division,
    private readonly team: Team,
    private readonly refresh = REFRESH,
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
    const hidden = this.model.state[2 * PARAMETER_COUNT].dataSync<'float32'>();
    // The only other can be sent what comes from here while it sends its own; several are sent the sum of all.
    const rest = own && others.length === 1 ? own : { first: 0, end: this.division.shards };
    await this.#inform(others.map(({ member }) => member));
    const works = others.map(({ member, part }) => ({
      member,
      part,
      rest,
      window: cutWindow(part, this.division, hidden, window),
    }));
    // Noted now, because a rejection that nobody waits for yet would end the process.
    const answers = works.map(({ member, part }) =>
      member.link.result(part, this.division).catch((error: unknown) => error as Error),
    );
    // Computing here keeps this process from sending: so all is sent before.
    await Promise.all(works.map((work) => this.#ask(work)));
    const results = own ? [this.#compute(own, hidden, window)] : [];
    const asked = works.map(({ member }) => member);
    const giveRest = (sums: readonly tf.Tensor[]) =>
      send(asked, FRAME.rest, sumSizes(rest, this.division), numbersOf(sums));
    const early = rest === own ? giveRest(results[0].sums) : undefined;
    for (const [i, { member, part }] of works.entries()) {
      const answer = await answers[i];
      if (answer instanceof Error) this.#leaveOut(member, answer);
      results.push(answer instanceof Error ? this.#compute(part, hidden, window) : this.#upload(part, answer));
    }
    const total = this.#here(() => totalOf(this.model.functions, results, this.division));
    await (early ?? giveRest(total));
    this.#here(() => this.#join(results, total, window));
  }

  /** Other models may compute on other backends while the workers are waited for. */
  readonly #here: RunOn = (work) => this.model.on.run(work);

  /** Sends the weights and memories to whom lacks them, and now and then to all. @param members who are asked next. */
  async #inform(members: readonly Member[]): Promise<void> {
    const isTime = this.#windows++ % this.refresh === 0;
    const missing = members.filter((member) => isTime || !this.#informed.includes(member));
    this.#informed = members;
    await send(missing, FRAME.state, stateSizes(this.division), this.#state());
  }

  /** The pieces of `stateSizes`. */
  *#state(): Iterable<ArrayBufferView> {
    const { gradClip, weightDecay = 0 } = this.config;
    yield Float32Array.of(gradClip, weightDecay);
    yield* numbersOf(this.model.state.slice(0, 2 * PARAMETER_COUNT));
  }

  #ask({ member, ...work }: Work & { readonly member: Member }): Promise<void> {
    const sizes = workSizes(work.part, this.division, work.window.units !== undefined);
    return send([member], FRAME.work, sizes, piecesOf(work));
  }

  #compute(part: Span, hidden: Float32Array, window: Window): PartResult {
    const work = { part, window: cutWindow(part, this.division, hidden, window) };
    const parameters = this.model.state.slice(0, PARAMETER_COUNT);
    return this.#here(() => computePart(this.model.functions, parameters, work, this.division));
  }

  #upload(part: Span, numbers: readonly Float32Array[]): PartResult {
    const { streams } = streamsOf(part, this.division);
    return this.#here(() => ({
      part,
      sums: uploadSums(numbers.slice(0, -1), this.division),
      hidden: tf.tensor2d(numbers[numbers.length - 1], [streams, this.config.hiddenSize]),
    }));
  }

  #join(results: readonly PartResult[], total: readonly tf.Tensor[], window: Window): void {
    const { units } = window;
    const sorted = [...results].sort((a, b) => a.part.first - b.part.first);
    const hiddens = sorted.map(({ hidden }) => hidden);
    const name = `join ${hiddens.length} ${units !== undefined}`;
    const make = () => joinedWindow(this.config, units !== undefined);
    this.model.advance(name, make, updateInputs(total, window, hiddens));
    tf.dispose(results.flatMap(({ sums }) => sums));
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

/** The numbers of tensors, each read when it is asked for. */
function* numbersOf(tensors: readonly tf.Tensor[]): Iterable<ArrayBufferView> {
  for (const tensor of tensors) yield tensor.dataSync();
}

/** Sends a frame: each piece is on its way while the next is made. @returns when the systems have taken all. */
async function send(
  members: readonly Member[],
  kind: number,
  sizes: readonly number[],
  pieces: Iterable<ArrayBufferView>,
): Promise<void> {
  if (members.length === 0) return;
  const gives = members.map(({ link }) => link.begin(kind, sizes));
  const sent: Promise<void>[] = [];
  for (const piece of pieces) {
    for (const give of gives) sent.push(give(piece));
  }
  await Promise.all(sent);
}

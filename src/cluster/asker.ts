import type * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../errors.js';
import type { Division } from '../model/tensor/partial-window.js';
import type { Span } from '../model/tensor/shards.js';
import { PARAMETER_COUNT } from '../model/tensor/tensors.js';
import type { ModelConfig } from '../model/trainable-model.js';
import { FRAME } from './frames.js';
import { writeWork } from './layout.js';
import { numbersOf, send } from './sending.js';
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

/** A window whose parts the workers are asked for. */
export interface Asked {
  /** What is computed here; undefined where there is nothing left. */
  readonly own: Span | undefined;
  /** Of what the workers are to be sent the sums. */
  readonly rest: Span;
  readonly others: readonly {
    readonly member: Member;
    readonly part: Span;
    /** What the part gives, or why it does not. */
    readonly answer: Promise<Float32Array[] | Error>;
  }[];
}

/** Shares out windows among the workers that are there. */
export class Asker {
  #assignment: Assignment;
  /** Who has the weights as they are here. */
  #informed: readonly Member[] = [];
  /** Who has the hidden state after the last window that was asked for, and of which part. */
  readonly #hidden = new Map<Member, Span>();
  readonly #lost = new Set<Member>();
  #windows = 0;

  /** @param refresh windows after which workers are sent the weights again. */
  constructor(
    private readonly division: Division,
    private readonly settings: Pick<ModelConfig, 'gradClip' | 'weightDecay'>,
    private readonly team: Team,
    private readonly refresh: number,
  ) {
    this.#assignment = assign(division, team.ownThreads, team.members);
  }

  /** Asks for a window. @param state before it: 5 parameters, 5 memories, hidden (B, H). */
  async ask(window: Window, state: readonly tf.Tensor[]): Promise<Asked> {
    await this.#inform(state);
    const hidden = this.#isKnown() ? undefined : state[2 * PARAMETER_COUNT].dataSync<'float32'>();
    return this.#send(window, hidden);
  }

  /**
   * Asks for a window before the one before it is done, so that workers go on with it at once.
   * @returns undefined where they must be sent what comes of that one.
   */
  async askAhead(window: Window): Promise<Asked | undefined> {
    return this.#isTimeToInform || !this.#isKnown() ? undefined : this.#send(window);
  }

  /** The hidden state is another than that after the last window. */
  forgetHidden(): void {
    this.#hidden.clear();
  }

  /** Goes on without a worker from the next window on that is asked for. @throws the error where it is another. */
  leaveOut(member: Member, error: Error): void {
    if (!(error instanceof WorkerLost)) throw error;
    // It may owe a window that was asked for ahead, too.
    if (this.#lost.has(member)) return;
    this.#lost.add(member);
    const there = this.team.members.filter((other) => other.link.lost === undefined);
    this.#assignment = assign(this.division, this.team.ownThreads, there);
    this.forgetHidden();
    const rest = there.length === 0 ? 'alone' : `with ${there.map(({ link }) => link.address.name).join(' and ')}`;
    const why = messageOf(error);
    this.team.warn(
      `warning: worker ${member.link.address.name} is lost (${why}); the run loses nothing and goes on ${rest}`,
    );
  }

  get #isTimeToInform(): boolean {
    return this.#windows % this.refresh === 0;
  }

  /** Whether everyone has the hidden state that its part starts from. */
  #isKnown(): boolean {
    return this.#assignment.others.every(({ member, part }) => {
      const known = this.#hidden.get(member);
      return known?.first === part.first && known.end === part.end;
    });
  }

  /** Sends the weights and memories to whom lacks them, and now and then to all. */
  async #inform(state: readonly tf.Tensor[]): Promise<void> {
    const members = this.#assignment.others.map(({ member }) => member);
    const missing = members.filter((member) => this.#isTimeToInform || !this.#informed.includes(member));
    this.#informed = members;
    if (missing.length === 0) return;
    const { gradClip, weightDecay = 0 } = this.settings;
    const numbers = numbersOf(state.slice(0, 2 * PARAMETER_COUNT));
    await send(missing, FRAME.state, [Float32Array.of(gradClip, weightDecay), ...numbers]);
  }

  async #send(window: Window, hidden?: Float32Array): Promise<Asked> {
    const { own, others } = this.#assignment;
    this.#windows++;
    // The only other can be sent what comes from here while it sends its own; several are sent the sum of all.
    const rest = own && others.length === 1 ? own : { first: 0, end: this.division.shards };
    const asked = others.map(({ member, part }) => {
      this.#hidden.set(member, part);
      // Noted now, because a rejection that nobody waits for yet would end the process.
      const answer = member.link.result(part, this.division).catch((error: unknown) => error as Error);
      const work = { part, rest, window: cutWindow(part, this.division, window, hidden) };
      return { member, part, answer, sent: member.link.send(FRAME.work, writeWork(work)) };
    });
    // Computing here keeps this process from sending: so all is sent before.
    await Promise.all(asked.map(({ sent }) => sent));
    return { own, rest, others: asked };
  }
}

import { messageOf } from '../errors.js';
import { type Child, TooSlow } from './child.js';
import type { Identity, Round } from './protocol.js';

/** The part of a child that is needed to measure it; tests have others. */
export type Runner = Pick<Child, 'ready' | 'run' | 'kill'>;

/** Seconds that a run which was expected to end in time gets on top, so that a moment's disturbance does not end it. */
const GRACE = 1.5;

/** Part of a round that is run before it and not counted: one that has waited for its turn finds cold caches. */
const RUN_UP = 0.2;

/** One that is measured: warmed up first, then in rounds, interleaved with those of others. */
export class Player {
  readonly rounds: Round[] = [];
  /** Why it takes part no longer. */
  failure: { readonly tooSlow: boolean; readonly reason: string } | undefined;
  /** Steps that it makes in one call where it is given that many: only whole calls show its speed. */
  readonly #stepsPerCall: number;
  /** Steps of the runs that also prepare what later ones only run. */
  readonly #firstRuns: readonly number[];
  /** Seconds a step of each run of the warm-up. */
  readonly #tries: number[] = [];

  constructor(
    readonly runner: Runner,
    readonly identity: Identity,
  ) {
    this.#stepsPerCall = Math.max(1, Number(identity.details.windowsPerCall ?? 1));
    this.#firstRuns = firstRuns(this.#stepsPerCall);
  }

  /** Waits until a child is loaded. @throws as `Child.answer` does; the child has been ended then. */
  static async load(runner: Runner, seconds?: number): Promise<Player> {
    try {
      return new Player(runner, await runner.ready(seconds));
    } catch (error) {
      void runner.kill();
      throw error;
    }
  }

  /**
   * Seconds a step by the warm-up: the faster of its last two and longest runs, because one of them may have been
   * disturbed; of the very first step, which prepares, only where there is no other. Infinity where it has not ended.
   */
  get secondsPerStep(): number {
    const others = this.#tries.slice(1);
    return Math.min(...(others.length > 0 ? others : this.#tries).slice(-2));
  }

  /** Seconds of a single call of all its steps. */
  get secondsPerCall(): number {
    return this.secondsPerStep * this.#stepsPerCall;
  }

  /** Whether it was measured past the runs that also prepare. */
  get isWarm(): boolean {
    return this.#tries.length + this.rounds.length > this.#firstRuns.length;
  }

  /** Steps of so many seconds: whole calls, at least one. */
  stepsIn(seconds: number): number {
    return Math.max(1, Math.round(seconds / this.secondsPerCall)) * this.#stepsPerCall;
  }

  /**
   * Trains in ever longer runs until so many seconds are over, the runs that prepare not counted.
   * @param left seconds until it must have ended; a run that would not end by then is left out.
   */
  async warmUp(seconds: number, left = (): number => Infinity): Promise<void> {
    const first = this.#firstRuns;
    for (let n = 0, total = 0; total < seconds; n++) {
      const steps = first[n] ?? this.#stepsPerCall * 2 ** (n - first.length);
      const taken = await this.#run(steps, left());
      if (!taken) return;
      this.#tries.push(taken.seconds / steps);
      if (n >= first.length) total += taken.seconds;
    }
  }

  /**
   * Plays a round of about so many seconds, unless it has failed, was never warmed up or would take longer than is left.
   * A run-up comes first where a call fits into it.
   */
  async play(seconds: number, left: () => number): Promise<void> {
    const when = `stopped in round ${this.rounds.length + 1}: `;
    const runUp = RUN_UP * seconds;
    if (this.secondsPerCall <= runUp) await this.#runKnown(this.stepsIn(runUp), left(), when);
    const round = await this.#runKnown(this.stepsIn(seconds), left(), when);
    if (round) this.rounds.push(round);
  }

  async #runKnown(steps: number, left: number, when: string): Promise<Round | undefined> {
    if (this.failure || this.#tries.length === 0) return undefined;
    return this.#run(steps, left, when);
  }

  async #run(steps: number, left: number, when = ''): Promise<Round | undefined> {
    const known = this.#tries.length > 0;
    if ((known ? steps * this.secondsPerStep : 0) >= left) return undefined;
    try {
      return await this.runner.run(steps, known ? left + GRACE : left);
    } catch (error) {
      this.failure = { tooSlow: error instanceof TooSlow, reason: when + messageOf(error) };
      void this.runner.kill();
      return undefined;
    }
  }
}

/**
 * The first single step and the first whole call compile, for seconds, what the others only run. Between them single
 * steps tell the speed and fill a call up: all later calls then start at a multiple of its steps, and where the text's
 * windows are one too, none is cut at its end.
 */
function firstRuns(stepsPerCall: number): number[] {
  return stepsPerCall > 1 ? [1, 1, stepsPerCall - 2, stepsPerCall].filter((steps) => steps > 0) : [1];
}

/** How long rounds are, and how many are played. */
export interface RoundTimes {
  readonly rounds: number;
  /** Aim for the length of one round of one player. */
  readonly secondsPerRound: number;
}

/**
 * Plays rounds in turn (A B C A B C ...), so that a machine that slows down slows all alike.
 * @param left seconds that a player's next round may take. @param report gets the number of each round, from 1 on.
 */
export async function playRounds(
  players: readonly Player[],
  { rounds, secondsPerRound }: RoundTimes,
  left: (player: Player) => number,
  report: (round: number) => void = () => undefined,
): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    report(round);
    for (const player of players) await player.play(secondsPerRound, () => left(player));
  }
}

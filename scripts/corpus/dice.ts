import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The one source of chance of the generator: the same seed gives the same draws on every machine. */
export class Dice {
  readonly #generator;
  readonly #decks = new Map<readonly unknown[], Deck<unknown>>();

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return uniformInt(this.#generator, low, high);
  }

  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.int(1, 100) <= percent;
  }

  /** One item, each as likely as the others whatever came before. */
  pick<T>(items: readonly T[]): T {
    return itemAt(items, this.int(0, items.length - 1));
  }

  /** The next card of a shuffled deck of the items: none returns before most of the others have been seen. */
  draw<T>(items: readonly T[]): T {
    const deck = (this.#decks.get(items) as Deck<T> | undefined) ?? { cards: this.shuffle(items), dealt: 0 };
    if (deck.dealt === deck.cards.length) {
      deck.cards = this.#reshuffle(deck.cards);
      deck.dealt = 0;
    }
    this.#decks.set(items, deck);
    return itemAt(deck.cards, deck.dealt++);
  }

  /** Shuffles the part dealt first and the part dealt last each in itself, so that no card comes back soon. */
  #reshuffle<T>(cards: readonly T[]): T[] {
    const third = Math.floor(cards.length / 3);
    const cut = this.int(third, 2 * third);
    return [...this.shuffle(cards.slice(0, cut)), ...this.shuffle(cards.slice(cut))];
  }

  /** A new array with the items in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.int(0, last);
      const moved = itemAt(result, last);
      result[last] = itemAt(result, other);
      result[other] = moved;
    }
    return result;
  }
}

interface Deck<T> {
  cards: T[];
  dealt: number;
}

function itemAt<T>(items: readonly T[], index: number): T {
  if (index < 0 || index >= items.length) throw new RangeError(`No item ${index} among ${items.length}`);
  return items[index];
}

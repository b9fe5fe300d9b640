import type { Recording } from './recording.js';

/** What a text is coloured by. */
export type Colouring = { readonly kind: 'unit'; readonly unit: number } | { readonly kind: 'loss' | 'none' };

/** Shades of each colour; `addShades` makes their classes. */
export const SHADES = 16;

/** The loss that has the darkest shade, in nats: a probability of 0.25 %. */
export const MOST_LOSS = 6;

/** The class of an activation from -1 to 1: nothing for about zero, else one of the shades of low or high. */
export function activationClass(value: number): string {
  const shade = Math.round(Math.abs(value) * SHADES);
  if (!(shade > 0)) return '';
  return value < 0 ? `low${shade}` : `high${shade}`;
}

/** The class of a loss in nats. */
export function lossClass(loss: number): string {
  const shade = Math.round((Math.min(loss, MOST_LOSS) / MOST_LOSS) * SHADES);
  return shade > 0 ? `loss${shade}` : '';
}

/** The class of a character of a text; none where nothing is known yet. */
export function classAt(recording: Recording, position: number, colouring: Colouring): string {
  if (colouring.kind === 'unit') return activationClass(recording.activationAt(position, colouring.unit));
  return colouring.kind === 'loss' ? lossClass(recording.lossAt(position)) : '';
}

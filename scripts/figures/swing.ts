import type { CurveRecord } from './results.js';

/** Measurements on either side that one is compared with: together they span some epochs. */
const BESIDE = 4;
/** The part of a run at its start that falls too steeply to compare. */
const STEEP = 0.1;
/** Into how many parts an epoch is cut. */
const PARTS = 8;

/**
 * How far validation lies beside the mean of the measurements around it, nats a character, at the end of an epoch and in
 * its middle.
 * @param records a run's metrics.
 */
export function swingIn(records: readonly CurveRecord[]): { readonly end: number; readonly middle: number } {
  const reports = records.filter(({ type }) => type === 'report');
  const { step: steps = 1, epoch: epochs = 0 } = reports[reports.length - 1] ?? {};
  const measured = records.filter(({ type, step }) => type === 'validation' && step > STEEP * steps);
  const values = measured.map(({ natsPerChar }) => natsPerChar);
  const beside = measured.map(({ step }, i) => {
    const around = values.slice(Math.max(0, i - BESIDE), i + BESIDE + 1);
    return { place: ((step * epochs) / steps) % 1, offset: values[i] - mean(around) };
  });
  const offsetIn = (from: number, to: number) =>
    mean(beside.filter(({ place }) => place >= from && place < to).map(({ offset }) => offset));
  return { end: offsetIn(1 - 1 / PARTS, 1), middle: offsetIn(0.5 - 1 / PARTS, 0.5 + 1 / PARTS) };
}

/** The same as a sentence. */
export function swingSentence(records: readonly CurveRecord[]): string {
  const { end, middle } = swingIn(records);
  if (end >= 0 || middle <= 0) throw new Error('the text beside this figure says that validation is lowest at the end');
  const nats = (value: number) => Math.abs(value).toFixed(3);
  return (
    `Validation is on average ${nats(end)} nats/char lower than around it in the last eighth of an epoch, and ` +
    `${nats(middle)} higher in the middle of one.`
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

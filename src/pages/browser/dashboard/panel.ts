import type { RunRecord } from '../../../dashboard/record.js';
import type { View } from './view.js';

/** A part of the page that shows a part of the record. */
export interface Panel {
  readonly node: HTMLElement;
  readonly show: (record: RunRecord, view: View) => void;
}

/** Sets an element's text where it is another: what has not changed is not laid out again. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

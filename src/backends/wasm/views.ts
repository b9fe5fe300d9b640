import type { Copy, RecordedStep, RecordedTensor } from './recording.js';

/** Where a tensor lies within another. */
export interface Place {
  readonly root: number;
  /** In bytes. */
  readonly offset: number;
}

/**
 * Leaves copies out: a part of a tensor is looked at where it lies, and what is joined is computed where it will lie.
 * Every tensor is written once, so that nothing can change under a view.
 * @returns the steps that are left, and the place of each tensor that lies within another.
 */
export function placeViews(
  steps: readonly RecordedStep[],
  tensors: readonly RecordedTensor[],
): { steps: RecordedStep[]; places: Map<number, Place> } {
  const known = new Map(tensors.map((tensor) => [tensor.id, tensor]));
  const parents = new Map<number, Place>();
  const placeOf = (id: number): Place => {
    const parent = parents.get(id);
    if (!parent) return { root: id, offset: 0 };
    const { root, offset } = placeOf(parent.root);
    return { root, offset: offset + parent.offset };
  };
  const isWhole = (id: number, place: number, bytes: number) => place === 0 && bytes === known.get(id)?.bytes;
  const place = (id: number, parent: Place): boolean => {
    if (parents.has(id) || known.get(id)?.source !== 'computed' || placeOf(parent.root).root === id) return false;
    parents.set(id, parent);
    return true;
  };
  const isView = ({ from, to, blocks }: Copy): boolean => {
    if (blocks.length !== 1) return false;
    const [block] = blocks;
    if (isWhole(to, block.to, block.bytes)) return place(to, { root: from, offset: block.from });
    return isWhole(from, block.from, block.bytes) && place(from, { root: to, offset: block.to });
  };
  const left = steps.filter((step) => !('blocks' in step && isView(step)));
  return { steps: left, places: new Map([...parents.keys()].map((id) => [id, placeOf(id)])) };
}

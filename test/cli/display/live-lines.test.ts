import { expect, it } from 'vitest';
import { columnsOf, LiveLines } from '../../../src/cli/display/live-lines.js';
import { FakeTerminal } from './fake-terminal.js';

it('paints lines over, with text above them, and takes them away where there are none', () => {
  const terminal = new FakeTerminal(80);
  const live = new LiveLines(terminal.stream);
  live.show(['one', 'two']);
  live.show(['three', 'four'], 'above');
  expect(terminal.lines).toEqual(['above', 'three', 'four']);
  live.show(['five']);
  expect(terminal.lines).toEqual(['above', 'five']);
  live.show([], 'more');
  expect(terminal.lines).toEqual(['above', 'more']);
  expect(terminal.cursorShown).toBe(true);
  live.show(['six']);
  expect(terminal.lines).toEqual(['above', 'more', 'six']);
  expect(terminal.cursorShown).toBe(false);
  live.close();
});

it('takes a terminal that does not say its width for one of 80 columns', () => {
  expect([0, undefined, 40].map((columns) => columnsOf({ columns } as NodeJS.WriteStream))).toEqual([80, 80, 40]);
});

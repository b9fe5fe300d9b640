import { expect, it } from 'vitest';
import { run, succeed } from './processes.js';

it('gradcheck checks every parameter on the device that --device names', async () => {
  const { stdout } = await succeed('gradcheck', '--backend', 'wasm', '--device', 'cpu');
  for (const name of ['Wxh', 'Whh', 'Why', 'bh', 'by'])
    expect(stdout).toMatch(new RegExp(`^ +${name}\\[.*  ok  `, 'm'));
  expect(stdout).toContain('wasm (TensorFlow.js');
  expect(stdout).toMatch(/\nall gradients agree\n$/);
});

it.each([
  [['--device', 'no such card'], /^min-char-rnn: --device no such card must run .* webgpu cannot run here: .*\n$/],
  [['--backend', 'wasm', '--device', 'gpu'], /^min-char-rnn: --device must be cpu with --backend wasm, .*\n$/],
])('gradcheck %j is refused in one line', async (options, line) => {
  const { code, stdout, stderr } = await run(['gradcheck', ...options]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(line);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { patchBinding } from '../../src/native/binding-patch.js';
import { findTfjsNode } from '../../src/native/site.js';

const source = readFileSync(join(findTfjsNode() ?? '', 'binding', 'tfjs_backend.cc'), 'utf8');

/** The calls during which TensorFlow computes or starts threads. */
const calls = ['TFE_NewContext(', 'TFE_Execute(', 'TF_LoadSessionFromSavedModel(', 'TF_SessionRun('];

describe('the patch of the binding', () => {
  it.each(calls)('has a signal guard right before %s', (call) => {
    const lines = patchBinding(source).split('\n');
    const at = lines.findIndex((line) => line.includes(call) && !line.trim().startsWith('//'));
    expect(lines[at - 1]?.trim()).toBe('SignalGuard signal_guard;');
  });

  it('has one nowhere else, and every line of the source stays, in order', () => {
    const patched = patchBinding(source);
    expect(patched.match(/SignalGuard signal_guard;/g)).toHaveLength(calls.length);
    const kept = patched.split('\n').map((line) => line.trim());
    let from = 0;
    for (const line of source.split('\n')) {
      from = kept.indexOf(line.trim(), from) + 1;
      expect(from, line).toBeGreaterThan(0);
    }
  });

  it('makes every session run its graph as it is, before the graph is loaded', () => {
    const patched = patchBinding(source);
    const order = ['TF_NewSessionOptions()', 'TF_SetConfig(session_options', 'TF_LoadSessionFromSavedModel('];
    const places = order.map((call) => patched.indexOf(call));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  it('is not applied twice', () => {
    expect(() => patchBinding(patchBinding(source))).toThrow(/must be the original, it is patched already/);
  });

  it.each(calls)('refuses a source without %s', (call) => {
    const unknown = source.replaceAll(call, call.replace('(', 'Anew('));
    expect(() => patchBinding(unknown)).toThrow(/exactly once in tfjs-node's binding, found 0 times: reinstall/);
  });

  it('refuses a source with two places where it expects one', () => {
    const twice = `${source}\nnamespace tfnodejs {\n}`;
    expect(() => patchBinding(twice)).toThrow(
      '"namespace tfnodejs {" exactly once in tfjs-node\'s binding, found 2 times',
    );
  });
});

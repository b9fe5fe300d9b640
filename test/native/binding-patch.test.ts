import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { patchSources } from '../../src/native/binding-patch.js';
import { bindingSource } from '../../src/native/carried.js';

const ORIGINAL = bindingSource();
const read = (from: string, name = 'tfjs_backend.cc') => readFileSync(join(from, name), 'utf8');

/** The calls during which TensorFlow computes or starts threads. */
const calls = ['TFE_NewContext(', 'TFE_Execute(', 'TF_LoadSessionFromSavedModel(', 'TF_SessionRun('];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'binding-patch-'));
  cpSync(ORIGINAL, folder, { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

describe('the patch of the binding', () => {
  it.each(calls)('has a signal guard right before %s', (call) => {
    patchSources(folder, true);
    const lines = read(folder).split('\n');
    const at = lines.findIndex((line) => line.includes(call) && !line.trim().startsWith('//'));
    expect(lines[at - 1]?.trim()).toBe('SignalGuard signal_guard;');
  });

  it('has one nowhere else, and every line of the sources stays, in order', () => {
    patchSources(folder, true);
    expect(read(folder).match(/SignalGuard signal_guard;/g)).toHaveLength(calls.length);
    for (const name of readdirSync(ORIGINAL)) {
      const kept = read(folder, name)
        .split('\n')
        .map((line) => line.trim());
      let from = 0;
      for (const line of read(ORIGINAL, name).split('\n')) {
        from = kept.indexOf(line.trim(), from) + 1;
        expect(from, `${name}: ${line}`).toBeGreaterThan(0);
      }
    }
  });

  it('without the guard has the rest', () => {
    patchSources(folder, false);
    expect(read(folder)).not.toContain('SignalGuard');
    expect(read(folder)).toContain('TFE_ContextAddFunction(');
  });

  it('makes the context run graphs as they are, before it is there', () => {
    patchSources(folder, true);
    const order = ['TFE_NewContextOptions()', 'TFE_ContextOptionsSetConfig(tfe_options', 'TFE_NewContext('];
    const places = order.map((call) => read(folder).indexOf(call));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  it('is not applied twice', () => {
    patchSources(folder, true);
    expect(() => patchSources(folder, true)).toThrow(/must be the original, it is patched already/);
  });

  it.each(calls)('refuses a source without %s', (call) => {
    writeFileSync(join(folder, 'tfjs_backend.cc'), read(folder).replaceAll(call, call.replace('(', 'Other(')));
    expect(() => patchSources(folder, true)).toThrow(/exactly once in tfjs-node's binding, found 0 times: reinstall/);
  });

  it('refuses a source with two places where it expects one', () => {
    writeFileSync(join(folder, 'tfjs_backend.cc'), `${read(folder)}\nnamespace tfnodejs {\n}`);
    expect(() => patchSources(folder, true)).toThrow(
      '"namespace tfnodejs {" exactly once in tfjs-node\'s binding, found 2 times',
    );
  });
});

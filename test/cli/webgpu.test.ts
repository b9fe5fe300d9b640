import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { differingTensors } from '../trainer/runs.js';
import { type AdapterName, listAdapters, namesOf } from '../../src/backends/webgpu/adapters.js';
import { linesIn, run, sharedFolder, SMALL, start, startIn, succeed } from './processes.js';

const { path, text } = sharedFolder();
const { adapters, absence } = await listAdapters();
const [adapter] = adapters;

interface Diagnosis {
  backends: { backend: string; runs: boolean; description?: string; reason?: string }[];
  adapters: AdapterName[];
}

/** What `doctor` says about WebGPU, as it does for people and in JSON, which must be all that it prints. */
async function doctor() {
  const { stdout } = await succeed('doctor');
  const { stdout: json, stderr } = await succeed('doctor', '--json');
  const { backends, adapters: listed } = JSON.parse(json) as Diagnosis;
  const line = stdout.split('\n').find((row) => row.includes('  webgpu'));
  return { line, row: backends.find(({ backend }) => backend === 'webgpu'), listed, stdout, stderr };
}

afterEach(() => vi.unstubAllEnvs());

describe('without a graphics adapter', () => {
  const reason = /^no graphics adapter was found \(.+\); .*driver/;
  const hide = () => {
    vi.stubEnv('VK_ICD_FILENAMES', '/nowhere/driver.json');
    vi.stubEnv('VK_DRIVER_FILES', '/nowhere/driver.json');
  };

  it.runIf(process.platform === 'linux')('doctor says what to do', async () => {
    hide();
    const { line, row, listed, stdout, stderr } = await doctor();
    expect(listed).toEqual([]);
    expect(stdout).not.toContain('adapters of webgpu');
    expect(row).toEqual({ backend: 'webgpu', runs: false, reason: expect.stringMatching(reason) as string });
    expect(line).toBe(`no    webgpu      ${row?.reason}`);
    expect(stderr).not.toContain('Vulkan');
  });

  it.runIf(process.platform === 'linux')('train ends with the reason, in one line', async () => {
    hide();
    const { code, stdout, stderr } = await run(['train', text, '--backend', 'webgpu', '--steps', '5', ...SMALL]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^min-char-rnn: --backend webgpu must run .* no graphics adapter was found .*\n$/);
  });
});

it('train says what to install where one of the two packages is missing', async () => {
  const resolve = `export async function resolve(name, context, next) {
    if (name === '@tensorflow/tfjs-backend-webgpu') {
      throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    }
    return next(name, context);
  }`;
  const hook = `data:text/javascript,${encodeURIComponent(resolve)}`;
  const preload = `import { register } from 'node:module'; register(${JSON.stringify(hook)});`;
  const options = ['--backend', 'webgpu', '--steps', '1', ...SMALL];
  const { code, stderr } = await startIn({ preload }, 'train', text, ...options).finished;
  expect(code).toBe(1);
  expect(stderr).toBe(
    'min-char-rnn: --backend webgpu must run on this machine, but webgpu cannot run here: its packages are not installed; ' +
      'npm ci; or use --backend auto\n',
  );
});

const skipped = adapter === undefined && !process.env.CI;
describe.skipIf(skipped)(`with a graphics adapter${skipped ? ` (skipped: ${absence})` : ''}`, () => {
  const webgpu = ['--backend', 'webgpu', ...SMALL, '--report-every', '5'];

  it('there is one', () => expect(adapter, absence).toBeDefined());

  it('doctor names the one that it takes, and all others', async () => {
    const { line, row, listed, stdout } = await doctor();
    expect(listed).toEqual(adapters);
    expect(stdout).toContain(`\nadapters of webgpu, for --device: ${namesOf(adapters)}\n`);
    expect(row).toMatchObject({ backend: 'webgpu', runs: true });
    expect(row?.description).toContain(` on ${adapter.name} through ${adapter.api}`);
    expect(line).toBe(`runs  webgpu      ${row?.description}`);
  });

  it(
    'train is saved at Ctrl-C, and resumes as if never stopped on the adapter that --device names',
    { timeout: 300_000 },
    async () => {
      const [whole, part] = [path('whole.safetensors'), path('part.safetensors')];
      const { child, printed, finished } = start('train', text, ...webgpu, '--checkpoint', part, '--json');
      await printed('"report"');
      child.kill('SIGINT');
      const { code, stderr } = await finished;
      expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
      const { step } = (await loadCheckpoint(part)).run;
      expect(step).toBeGreaterThanOrEqual(5);
      const limit = ['--steps', String(step + 7), '--json'];
      const second = await succeed('train', '--resume', part, text, '--backend', 'webgpu', ...limit);
      const device = ['--device', adapter.name.slice(1).toUpperCase()];
      const first = await succeed('train', text, ...webgpu, ...device, ...limit, '--checkpoint', whole);
      expect(first.stdout).toContain(` on ${adapter.name} through ${adapter.api}`);
      expect(first.stderr).toBe('');
      expect(differingTensors(await loadCheckpoint(whole), await loadCheckpoint(part))).toEqual([]);
      const clock = { charsPerSecond: 0, elapsedSeconds: 0 };
      const last = ({ stdout }: { stdout: string }) => linesIn(stdout).findLast(({ type }) => type === 'report');
      expect({ ...last(second), ...clock }).toEqual({ ...last(first), ...clock });
    },
  );

  it('train refuses an adapter that there is not', async () => {
    const { code, stderr } = await run(['train', text, ...webgpu, '--steps', '1', '--device', 'no such card']);
    expect(code).toBe(1);
    expect(stderr).toContain(`no adapter's name contains 'no such card'; choose from '${adapter.name}'`);
  });
});

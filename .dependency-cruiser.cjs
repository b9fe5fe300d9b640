/**
 * Which way imports point in src, type-only ones too: a room may import itself and what stands in the rows below it.
 * @type {string[][]}
 */
const FLOORS = [
  ['index.ts', 'tensorflow.ts'],
  ['cli/'],
  ['library/'],
  ['run/'],
  ['bench/', 'cluster/'],
  ['backends/', 'checkpoint/', 'metrics/', 'pages/'],
  ['dashboard/'],
  ['trainer/'],
  ['model/tensor/', 'corpus/'],
  ['model/reference/'],
  ['model/'],
  ['options/'],
  ['sampling/', 'native/'],
  ['system/', 'format/'],
  ['errors.ts'],
];

/** Packages that only some rooms may import. */
const PACKAGES = [
  {
    packages: ['@tensorflow/'],
    rooms: ['backends/', 'cluster/', 'model/tensor/', 'native/tfjs-node.cjs', 'tensorflow.ts'],
  },
  { packages: ['yargs/', 'cli-progress/'], rooms: ['cli/'] },
];

/** What programs and users of the library start from: everything in src must serve one of them. */
const ENTRIES = [
  'index.ts',
  'tensorflow.ts',
  'cli/main.ts',
  'bench/random-trainer.ts',
  'native/tfjs-node.cjs',
  'pages/browser/model/main.ts',
  'pages/browser/dashboard/main.ts',
];

const inSrc = (paths) => `^src/(${paths.join('|')})`;

const floorRules = FLOORS.map((rooms, floor) => {
  const above = FLOORS.slice(0, floor).flat();
  return {
    name: `${rooms.join(', ')} may import only itself and what is below`,
    from: { path: inSrc(rooms), ...(floor > 0 && { pathNot: inSrc(above) }) },
    to: { path: `^src/(?:${above.map((room) => `${room}|`).join('')}(?!$1)(?:${rooms.join('|')}))` },
  };
});

const packageRules = PACKAGES.map(({ packages, rooms }) => ({
  name: `${packages.join(', ')} only in ${rooms.join(', ')}`,
  from: { path: '^src/', pathNot: inSrc(rooms) },
  to: { path: `node_modules/(${packages.join('|')})` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...floorRules,
    ...packageRules,
    {
      name: 'the reference computes without TensorFlow, also by way of others',
      from: { path: inSrc(['model/reference/']) },
      to: { path: 'node_modules/@tensorflow/', reachable: true },
    },
    {
      name: 'what makes a page imports no code of the browser, which is bundled',
      from: { path: '^src/', pathNot: inSrc(['pages/browser/']) },
      to: { path: inSrc(['pages/browser/']) },
    },
    {
      name: 'code of the browser imports no module of Node, also by way of others',
      from: { path: inSrc(['pages/browser/']) },
      to: {
        path: '^(node:|async_hooks|buffer|child_process|crypto|events|fs|module|net|os|path|process|stream|timers|url|util|worker_threads|zlib)',
        reachable: true,
      },
    },
    { name: 'src stands alone', from: { path: '^src/' }, to: { path: '^(test|benchmarks|scripts)/' } },
    { name: 'every file of src is in a room', from: {}, to: { path: '^src/', pathNot: inSrc(FLOORS.flat()) } },
    {
      name: 'every file of src is used',
      from: { path: inSrc(ENTRIES) },
      to: { path: '^src/', pathNot: inSrc(ENTRIES), reachable: false },
    },
    { name: 'no circles', from: {}, to: { circular: true } },
  ].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};

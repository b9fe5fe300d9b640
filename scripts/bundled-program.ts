import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

/** What stays a package of its own: what must be the user's own copy, is there only sometimes, or is code of a machine. */
const OUTSIDE = ['@tensorflow/*', '@resvg/resvg-js', 'esbuild', 'vega', 'webgpu'];

/** Modules of CommonJS packages ask for Node's own by `require`, which a module has to make. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);";

/**
 * Puts all that `cli/main.js` of a folder of compiled modules imports into that one file, packages too: Node.js takes
 * longer to find and read 250 files than a run of a few steps takes. Modules are still evaluated when they are asked for.
 * @returns the licenses of the packages that are now part of the file.
 */
export async function bundleProgram(folder: string): Promise<string> {
  const main = join(folder, 'cli', 'main.js');
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [main],
    outfile: main,
    allowOverwrite: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: OUTSIDE,
    banner: { js: REQUIRE },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    plugins: [knowingPlaces(main)],
  });
  return licensesOf(metafile, folder);
}

/** Has modules know the files that they were, by which they find what lies beside these. */
function knowingPlaces(main: string): Plugin {
  return {
    name: 'knowing-places',
    setup(made) {
      made.onLoad({ filter: /\.m?js$/ }, ({ path }) => {
        const code = readFileSync(path, 'utf8');
        if (!code.includes('import.meta.')) return undefined;
        return { contents: withPlace(code, placeOf(path, main)), loader: 'js' };
      });
    },
  };
}

/** An expression of a module's URL, seen from the bundle. */
function placeOf(path: string, main: string): string {
  const [name, inside] = packageOf(path);
  if (name === undefined) return `new URL('${slashed(relative(dirname(main), path))}', import.meta.url).href`;
  // Packages of packages need not be found from here; what these two look for by their place is not used.
  return name === 'yargs' ? `new URL('${inside}', import.meta.resolve('yargs')).href` : 'import.meta.url';
}

function withPlace(code: string, url: string): string {
  const file = `process.getBuiltinModule('node:url').fileURLToPath(${url})`;
  return code
    .replaceAll('import.meta.url', url)
    .replaceAll('import.meta.filename', file)
    .replaceAll('import.meta.dirname', `process.getBuiltinModule('node:path').dirname(${file})`);
}

/** The package that a file is of and the path in it; none for this program's own. */
function packageOf(path: string): [name?: string, inside?: string] {
  const at = path.lastIndexOf(`node_modules${sep}`);
  if (at < 0) return [];
  const parts = slashed(path.slice(at)).split('/').slice(1);
  const length = parts[0].startsWith('@') ? 2 : 1;
  return [parts.slice(0, length).join('/'), parts.slice(length).join('/')];
}

const slashed = (path: string): string => path.split(sep).join('/');

/** The texts of the licenses of all packages that a bundle was made of. */
function licensesOf({ inputs }: Metafile, folder: string): string {
  const roots = Object.keys(inputs).flatMap((input) => {
    const path = join(folder, input);
    const [name, inside] = packageOf(path);
    return name === undefined || inside === undefined ? [] : [path.slice(0, -inside.length)];
  });
  return [...new Set(roots)].sort().map(licenseOf).join('\n');
}

function licenseOf(root: string): string {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, string>;
  const file = readdirSync(root).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined)
    throw new Error(`the package ${name} must have a file with its license to be bundled; looked in '${root}'`);
  return `${name} ${version}\n\n${readFileSync(join(root, file), 'utf8').trim()}\n`;
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** The pages; each has its browser code in `browser/<name>/main.ts`. */
export const PAGES = ['model', 'dashboard'] as const;

/** The name of a page. */
export type PageName = (typeof PAGES)[number];

/** A page's browser code and all that it imports, as one script and one style sheet. */
export interface Bundle {
  readonly script: string;
  readonly style: string;
}

/** The file of a folder that holds a page's finished bundle. */
export function bundlePath(folder: string, page: PageName): string {
  return join(folder, `${page}.bundle.json`);
}

/** A page's bundle: the one that the package was built with, else, in a clone, made from the sources. */
export async function loadBundle(page: PageName): Promise<Bundle> {
  const built = bundlePath(import.meta.dirname, page);
  return existsSync(built) ? (JSON.parse(await readFile(built, 'utf8')) as Bundle) : makeBundle(page);
}

/** Bundles a page's browser code from its sources with esbuild, which only a clone has. */
export async function makeBundle(page: PageName): Promise<Bundle> {
  const { build } = await import('esbuild');
  // The sources are TypeScript, as this file is, or both are compiled.
  const main = join(import.meta.dirname, 'browser', page, `main${extname(import.meta.filename)}`);
  const { outputFiles } = await build({
    entryPoints: [main],
    bundle: true,
    minify: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    charset: 'utf8',
    target: ['chrome123', 'firefox128', 'safari17.5'],
    legalComments: 'none',
    // The folder's own tsconfig.json is for checking types.
    tsconfigRaw: {},
  });
  const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? '';
  return { script: textOf('.js'), style: textOf('.css') };
}

import { format, resolveConfig } from 'prettier';
import { BLOCKS } from './blocks.js';
import type { Results } from './results.js';

const MARKED = /(<!-- figures: ([\w-]+) -->\n)(.*?)(<!-- end of figures -->)/gs;

/** A page with the figures that the results have now between its marks. @throws {Error} a name that no block has. */
function withFigures(page: string, results: Results): string {
  return page.replace(MARKED, (_, start: string, name: string, _before: string, end: string) => {
    if (!(name in BLOCKS))
      throw new Error(`figures must be one of ${Object.keys(BLOCKS).join(', ')}, but got '${name}'`);
    return `${start}\n${BLOCKS[name](results)}\n\n${end}`;
  });
}

/** The names of the figures of a page. */
export function figuresOf(page: string): string[] {
  return [...page.matchAll(MARKED)].map(([, , name]) => name);
}

/** A page as `npm run figures` writes it: with its figures, formatted. @param path where it lies, for the format. */
export async function writtenPage(path: string, page: string, results: Results): Promise<string> {
  return format(withFigures(page, results), { ...(await resolveConfig(path)), filepath: path });
}

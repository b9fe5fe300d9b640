import type { Resvg } from '@resvg/resvg-js';
import { UserError } from '../errors.js';
import { loadOptional } from './optional-package.js';

/** Pixels per SVG unit: sharp on a screen of double density. */
const SCALE = 2;

/**
 * An SVG as the bytes of a PNG file, drawn with the fonts of this machine.
 *
 * @throws UserError when resvg is not installed or the machine has no font: text would silently be missing
 */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  const resvg = await loadOptional<typeof import('@resvg/resvg-js')>('@resvg/resvg-js', 'a PNG file');
  requireFont(resvg.Resvg);
  return new resvg.Resvg(svg, { fitTo: { mode: 'zoom', value: SCALE } }).render().asPng();
}

function requireFont(Renderer: typeof Resvg): void {
  const letter = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">M</text></svg>';
  if (new Renderer(letter).getBBox() !== undefined) return;
  throw new UserError(
    'a PNG file needs a font on this machine, but there is none; install one (fonts-dejavu-core on Debian) or choose .svg',
  );
}

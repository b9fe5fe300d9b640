import type { Spec } from 'vega';
import { loadOptional } from './optional-package.js';

/**
 * Draws a Vega chart as the text of an SVG file, without a browser.
 * Vega is loaded on the first call: it is heavy and most commands draw nothing.
 *
 * @throws UserError when Vega is not installed; Error when the specification is wrong
 */
export async function renderVega(spec: Spec): Promise<string> {
  const vega = await loadOptional<typeof import('vega')>('vega', 'a chart');
  // Vega logs its errors to the console and continues with half a chart; here they are thrown.
  const logger = vega.logger(vega.Error, undefined, (_method, _level, input) => {
    throw new Error(`Vega: ${Array.from(input).join(' ')}`);
  });
  fitTextWidths(vega);
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logger });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Vega's hook for programs that know better how wide a line of text is, in pixels; missing in its types. */
interface TextMetrics {
  width: (item: { fontSize?: number }, text: string | number | null) => number;
}

/** Without a browser Vega takes a letter for 0.8 em wide, which leaves gaps; 0.6 em suits sans-serif fonts. */
function fitTextWidths(vega: object): void {
  const { textMetrics } = vega as { textMetrics: TextMetrics };
  textMetrics.width = ({ fontSize = 11 }, text) => 0.6 * fontSize * String(text ?? '').length;
}

/** A corner of a curve, in pixels from the plot's top left. */
export interface Corner {
  x: number;
  y: number;
}

/** The curves of a Vega line chart's SVG, each with its corners. */
export function curvesIn(svg: string): Corner[][] {
  const groups = svg.matchAll(/mark-line[^>]*><path[^>]* d="([^"]*)"/g);
  return [...groups].map(([, path = '']) => cornersOf(path));
}

/** How many dots a Vega chart's SVG has, those of the legend not counted. */
export function dotsIn(svg: string): number {
  const [, dots = ''] = /mark-symbol role-mark[^>]*>(.*?)<\/g>/.exec(svg) ?? [];
  return dots.split('<path ').length - 1;
}

/** Each text of a Vega chart's SVG. */
export function textsIn(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = '']) => text);
}

function cornersOf(path: string): Corner[] {
  return [...path.matchAll(/[ML]([-\d.e]+),([-\d.e]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
}

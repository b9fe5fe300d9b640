/** A run of characters that look alike. */
interface Span {
  readonly text: string;
  readonly look: string;
}

/** Pixels of a character and a line; the font is the reader's own, so each span is stretched to its characters. */
const CHARACTER = 8;
const LINE = 18;
const MARGIN = 16;
const BAR = 34;
const TITLE_AT = 80;

const INK = '#d7dde5';
const BACKGROUND = '#1a1f27';
const TITLE_INK = '#8b95a3';

/** How the display commands that the program uses look: dim, bold, and its two colours. */
const LOOKS: Readonly<Record<string, string>> = {
  '1': 'font-weight="bold"',
  '2': 'fill="#7d8896"',
  '31': 'fill="#ff8a80"',
  '32': 'fill="#8fd694"',
  '33': 'fill="#f2c66d"',
  '36': 'fill="#6cb6ff"',
};

/**
 * A terminal's screen as the text of an SVG file.
 * @param screen its lines, with display commands as `tmux capture-pane -e` gives them.
 * @param title stands in the bar above. @param columns characters a line.
 */
export function terminalSvg(screen: readonly string[], title: string, columns: number): string {
  const width = columns * CHARACTER + 2 * MARGIN;
  const height = BAR + screen.length * LINE + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (colour, i) => `<circle cx="${20 + 18 * i}" cy="17" r="5.5" fill="${colour}"/>`,
    ),
    `<text x="${TITLE_AT}" y="21" fill="${TITLE_INK}">${escape(title)}</text>`,
    `<g fill="${INK}">`,
    ...linesOf(screen).flatMap((spans, line) => drawn(spans, BAR + (line + 0.75) * LINE)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** Looks go on from line to line until a command ends them. */
function linesOf(screen: readonly string[]): Span[][] {
  let codes = new Set<string>();
  return screen.map((line) =>
    // eslint-disable-next-line no-control-regex
    [...line.matchAll(/\x1b\[([\d;]*)m|([^\x1b]+)/g)].flatMap(([, command, text]) => {
      if (text !== undefined) return [{ text, look: lookOf(codes) }];
      for (const code of command.split(';')) codes = after(codes, code);
      return [];
    }),
  );
}

function after(codes: Set<string>, code: string): Set<string> {
  if (code === '' || code === '0') return new Set();
  if (code === '39') return new Set([...codes].filter((each) => !each.startsWith('3')));
  return new Set([...codes, code]);
}

/** The colour before the brightness: SVG takes one `fill`. */
function lookOf(codes: ReadonlySet<string>): string {
  const looks = [...codes]
    .sort()
    .reverse()
    .flatMap((code) => LOOKS[code] ?? []);
  const fills = looks.filter((look) => look.startsWith('fill')).slice(0, 1);
  return [...looks.filter((look) => !look.startsWith('fill')), ...fills].join(' ');
}

function drawn(spans: readonly Span[], y: number): string[] {
  let column = 0;
  return spans.flatMap(({ text, look }) => {
    const start = column + [...text].length - [...text.trimStart()].length;
    column += [...text].length;
    const shown = text.trim();
    if (shown === '') return [];
    const width = [...shown].length * CHARACTER;
    const place = `x="${MARGIN + start * CHARACTER}" y="${y}" textLength="${width}" lengthAdjust="spacingAndGlyphs"`;
    return [`<text ${[place, look].filter(Boolean).join(' ')}>${escape(shown).replaceAll(' ', '\u00a0')}</text>`];
  });
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

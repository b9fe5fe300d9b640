import type { Config, Title } from 'vega';

/** Colours that colour-blind readers can tell apart too (Okabe and Ito 2008), the strongest first. */
export const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#444444'] as const;

/** The colour of text that should be read first. */
export const INK = '#222222';
/** The colour of text that should be read last. */
export const FAINT_INK = '#666666';

const FONT = 'Helvetica, Arial, DejaVu Sans, sans-serif';
const RULE = '#bbbbbb';

/** How every chart of the project looks: white, so that it reads on a dark page too, with little beside the data. */
export const CHART_CONFIG: Config = {
  background: 'white',
  text: { font: FONT, fill: INK, fontSize: 12 },
  title: { anchor: 'start', frame: 'group', offset: 16, subtitlePadding: 6, fontWeight: 'bold' },
  style: {
    'group-title': { font: FONT, fill: INK, fontSize: 16 },
    'group-subtitle': { font: FONT, fill: FAINT_INK, fontSize: 12 },
    'guide-title': { font: FONT, fill: INK, fontSize: 12, fontWeight: 'normal' },
    'guide-label': { font: FONT, fill: FAINT_INK, fontSize: 11 },
  },
  axis: { domainColor: RULE, tickColor: RULE, gridColor: '#ececec', titlePadding: 12, labelPadding: 5 },
  legend: { labelColor: INK, labelFontSize: 12, labelLimit: 0, symbolStrokeWidth: 3, columnPadding: 14 },
};

/** A chart's heading, with a smaller line under it where there is something to add. */
export function heading(text: string, subtitle?: string): Title {
  return subtitle === undefined ? { text } : { text, subtitle };
}

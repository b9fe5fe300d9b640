import { flag, type Given, text, wholeNumber } from './option.js';

/** The options of making a page of a trained model. */
export const PAGE_OPTIONS = {
  out: text({
    writes: 'file',
    endings: ['.html'],
    defaultInWords: "the checkpoint's name with .html, in this folder",
    describe: 'file to write the page to',
  }),
  /** Symbols from the start of the text. */
  characters: wholeNumber({
    min: 1,
    max: 1_000_000,
    default: 10_000,
    describe: 'so many characters from the start of the text are in the page',
  }),
  overwrite: flag({ describe: 'replace a page that is there' }),
} as const;

/** What making a page may be given. */
export type PageOptions = Given<typeof PAGE_OPTIONS>;

import { PAGE_OPTIONS } from '../../options/page-options.js';
import { defineCommand } from '../grammar/command.js';

/** `page`: writes a model and what it takes to look into it as one HTML file. */
export const pageCommand = defineCommand<typeof PAGE_OPTIONS, { checkpoint: string; corpus: string[] }>(
  'page <checkpoint> [corpus..]',
  'make one HTML file of a trained model: what it reads, what its units do, what it writes',
  PAGE_OPTIONS,
  async (given) => {
    const { loadCheckpoint } = await import('../../checkpoint/checkpoint.js');
    const { writeModelPage } = await import('../../run/model-page.js');
    const { formatBytes, formatCount } = await import('../../format/numbers.js');
    const { printable } = await import('../../format/printable.js');
    const { readingBar } = await import('../display/reading-bar.js');

    const checkpoint = await loadCheckpoint(given.checkpoint);
    const bar = readingBar({}, process.stdout);
    const { path, bytes, title, characters } = await writeModelPage(
      given.checkpoint,
      checkpoint,
      given.corpus,
      given,
      bar.show,
    ).finally(bar.close);
    process.stdout.write(
      printable(
        `Wrote ${path} (${formatBytes(bytes)}): the model, and ${formatCount(characters)} characters to read, ${title}\n` +
          'Open it in a browser; it needs nothing else, and no network.\n',
      ),
    );
  },
);

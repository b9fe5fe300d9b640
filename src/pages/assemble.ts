import { createHash } from 'node:crypto';
import { loadBundle, type PageName } from './bundle.js';

/** What a page is made for. */
export interface PageContent {
  /** The title of the document. */
  readonly title: string;
  /** Anything that JSON can hold: what `pageData` gives in the browser. */
  readonly data: unknown;
}

/** Where a page's script may connect to: a page in a file nowhere, one from a server to that server. */
const CONNECTIONS: Record<PageName, string> = { model: "'none'", dashboard: "'self'" };

/** What may run besides a page's script: what the page of a model compiles, which is WebAssembly and no script. */
const COMPILED: Record<PageName, string> = { model: " 'wasm-unsafe-eval'", dashboard: '' };

/**
 * A page as one self-contained document. Its Content-Security-Policy lets nothing run or be loaded but its own script
 * and style sheet, named by their hashes, workers that this script makes and, on the page of a model, WebAssembly.
 */
export async function assemblePage(page: PageName, { title, data }: PageContent): Promise<string> {
  const { script, style } = await loadBundle(page);
  // What the parser of HTML would take for the end of the element, or for another script.
  if (/<\/script|<!--/i.test(script) || /<\//.test(style)) throw new Error('a bundle must not contain HTML');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'${COMPILED[page]}`,
    `style-src '${hashOf(style)}'`,
    'worker-src blob:',
    'img-src data:',
    `connect-src ${CONNECTIONS[page]}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This page computes everything in the browser, with JavaScript: please allow it for this file.</noscript>
<script type="application/json" id="page-data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script>${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

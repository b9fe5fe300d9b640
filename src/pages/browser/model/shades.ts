import { SHADES } from './colouring.js';

/** Adds the rules of all shades to the document; the three full colours are custom properties of its style sheet. */
export function addShades(): void {
  const rules = ['low', 'high', 'loss'].flatMap((name) =>
    Array.from({ length: SHADES }, (_, i) => {
      const share = (100 * (i + 1)) / SHADES;
      return `.${name}${i + 1}{background-color:color-mix(in oklab,var(--${name}) ${share}%,var(--zero))}`;
    }),
  );
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules.join(''));
  document.adoptedStyleSheets.push(sheet);
}

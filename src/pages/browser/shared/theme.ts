import { element } from './element.js';
import { keep, kept } from './kept.js';

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const LABELS: Record<Theme, string> = { auto: 'as the system', light: 'light', dark: 'dark' };

/** A button that goes through the themes: as the system has it, light, dark. The choice is kept where that is allowed. */
export function themeButton(): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'theme' });
  let theme = THEMES.find((name) => name === kept('theme')) ?? 'auto';
  const show = () => {
    document.documentElement.style.colorScheme = theme === 'auto' ? '' : theme;
    button.textContent = `Theme: ${LABELS[theme]}`;
    document.dispatchEvent(new Event('themechange'));
  };
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    keep('theme', theme);
    show();
  });
  show();
  return button;
}

import { element } from './element.js';

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const KEY = 'min-char-rnn-theme';
const LABELS: Record<Theme, string> = { auto: 'as the system', light: 'light', dark: 'dark' };

/** A button that goes through the themes: as the system has it, light, dark. The choice is kept where that is allowed. */
export function themeButton(): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'theme' });
  let theme = THEMES.find((name) => name === stored()) ?? 'auto';
  const show = () => {
    document.documentElement.style.colorScheme = theme === 'auto' ? '' : theme;
    button.textContent = `Theme: ${LABELS[theme]}`;
    document.dispatchEvent(new Event('themechange'));
  };
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    store(theme);
    show();
  });
  show();
  return button;
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // A browser may keep pages from storing anything: the theme is then the system's.
    return null;
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Where nothing may be stored, the choice lasts as long as the page.
  }
}

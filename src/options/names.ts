/** learningRate → learning-rate */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** learning-rate → learningRate */
export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** learningRate → --learning-rate, as messages call an option. */
export function flagOf(name: string): string {
  return `--${kebabCase(name)}`;
}

import { inject } from 'vitest';

const ROOT = new URL('..', import.meta.url).href;

/**
 * What a file of this repository was compiled to for this run of the tests: to be run by Node itself, in a process of
 * its own. @param source its URL; @returns the other's.
 */
export function compiled(source: string | URL): string {
  return new URL(source).href.replace(ROOT, inject('compiled')).replace(/\.ts$/, '.js');
}

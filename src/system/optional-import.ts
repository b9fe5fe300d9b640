/**
 * Imports a package that may not be installed. Its name is out of the sight of bundlers, which would otherwise insist on
 * finding it for programs that never come here. @throws Node's error where the package is missing.
 */
export function optionalImport<T>(name: string): Promise<T> {
  return import(name) as Promise<T>;
}

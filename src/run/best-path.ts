import { extname } from 'node:path';

/** run.safetensors → run.best.safetensors */
export function bestPath(path: string): string {
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}.best${extension}`;
}

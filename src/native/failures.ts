import { codeOf, UserError } from '../errors.js';

const diskFull = new Set(['ENOSPC', 'EDQUOT']);
const notWritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']);

/**
 * Turns the file system's refusals under `folder` into errors that say what to do; anything else stays as it is.
 * To be thrown by the caller.
 */
export function explainFileError(thrown: unknown, folder: string): unknown {
  const code = codeOf(thrown);
  if (code === undefined) return thrown;
  if (diskFull.has(code)) return new UserError(diskFullMessage(folder));
  if (notWritable.has(code)) return new UserError(notWritableMessage(folder, code));
  return thrown;
}

/** The line for a disk that ran full below `folder`. */
export function diskFullMessage(folder: string): string {
  return `the disk of ${folder} is full: make room, or set MIN_CHAR_RNN_CACHE to a folder on another disk`;
}

function notWritableMessage(folder: string, code: string): string {
  return `${folder} must be a folder that you can write to (${code}): change its rights, or set MIN_CHAR_RNN_CACHE to another folder`;
}

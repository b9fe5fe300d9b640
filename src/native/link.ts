import { mkdirSync, readlinkSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { messageOf, UserError } from '../errors.js';
import { remove } from '../system/unfinished.js';
import { BINDING_NAME } from './binding.js';
import { bindingPlace } from './site.js';

/** Whether tfjs-node's binding is a link to the one of this installation. */
export function isLinked(tfjsNodeFolder: string, installation: string): boolean {
  try {
    return readlinkSync(bindingPlace(tfjsNodeFolder)) === join(installation, BINDING_NAME);
  } catch {
    return false;
  }
}

/**
 * Makes tfjs-node load the binding of this installation, in one step: a link, so that there is one binding with its
 * libraries lie beside it, and whose damage or absence shows.
 */
export function linkBinding(tfjsNodeFolder: string, installation: string): void {
  const place = bindingPlace(tfjsNodeFolder);
  const link = `${place}.${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(installation, BINDING_NAME), link);
    renameSync(link, place);
  } catch (error) {
    remove(link);
    throw new UserError(
      `${place} must become a link to the binding: ${messageOf(error)}; change the rights of its folder`,
    );
  }
}

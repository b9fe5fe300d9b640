import { messageOf, UserError } from '../errors.js';
import { installCommand } from '../system/invocation.js';
import { optionalImport } from '../system/optional-import.js';

/**
 * Loads a package that only some commands need and that may be left out of an installation.
 *
 * @param purpose what needs the package, the start of the sentence in the error: `a chart`
 * @throws UserError with the command that installs the package, when it is missing or will not load
 */
export async function loadOptional<T>(name: string, purpose: string): Promise<T> {
  try {
    return await optionalImport<T>(name);
  } catch (error) {
    throw new UserError(
      `${purpose} needs the package ${name}, but ${messageOf(error)}; run '${installCommand([name])}'`,
    );
  }
}

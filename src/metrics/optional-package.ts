import { messageOf, UserError } from '../errors.js';
import { installCommand } from '../system/invocation.js';

/**
 * Loads a package that only some commands need and that may be left out of an installation.
 *
 * @param load `() => import('<name>')`: written out by the caller, which gives it its type
 * @param purpose what needs the package, the start of the sentence in the error: `a chart`
 * @throws UserError with the command that installs the package, when it is missing or will not load
 */
export async function loadOptional<T>(name: string, purpose: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new UserError(
      `${purpose} needs the package ${name}, but ${messageOf(error)}; run '${installCommand([name])}'`,
    );
  }
}

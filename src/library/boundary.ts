import { namedForLibrary } from '../options/library-names.js';

/** Runs what a function of the library does; a user's mistake then speaks of options by their library names. */
export function atBoundary<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw namedForLibrary(error);
  }
}

/** The same for work that takes its time. */
export async function atBoundaryAsync<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw namedForLibrary(error);
  }
}

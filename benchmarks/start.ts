import { Child, type Launch } from '../src/bench/child.js';
import { messageOf } from '../src/errors.js';
import { childArguments, type ChildSettings } from './settings.js';

/** Starts a program with settings. */
export function startChild({ args, ...launch }: Launch, settings: ChildSettings): Child {
  return new Child({ ...launch, args: [...args, ...childArguments(settings)] });
}

/**
 * Starts a program, lets `use` work with it once it is loaded, and ends it, however that goes.
 * @throws Error whose message is the reason where the program is absent, or what `use` throws.
 */
export async function withChild<Result>(
  launch: Launch,
  settings: ChildSettings,
  use: (child: Child) => Promise<Result>,
): Promise<Result> {
  const child = startChild(launch, settings);
  try {
    await child.ready();
    return await use(child);
  } finally {
    await child.stop();
  }
}

/** What an action finds, with a name; or, where it fails, the reason. */
export async function namedOrAbsent<Found extends object>(
  name: string,
  find: () => Promise<Found>,
): Promise<{ readonly name: string } & (Found | { readonly absent: string })> {
  return find().then(
    (found) => ({ name, ...found }),
    (error: unknown) => ({ name, absent: messageOf(error) }),
  );
}

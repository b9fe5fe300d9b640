import type { CommandModule } from 'yargs';
import { UserError } from '../../errors.js';
import { nearest } from '../grammar/nearest.js';

const ACTIONS = ['info', 'clear'] as const;

/** What `cache` does: tell what is kept, or remove it. */
export type CacheAction = (typeof ACTIONS)[number];

/** `cache`: the encoded forms of large texts. */
export const cacheCommand: CommandModule<object, { action?: string | undefined }> = {
  command: 'cache [action]',
  describe: 'list the encoded forms of large texts (info), or remove them (clear)',
  builder: {},
  handler: async ({ action = 'info' }) => {
    const { runCache } = await import('./cache.js');
    runCache(actionOf(action), process.stdout);
  },
};

function actionOf(given: string): CacheAction {
  const action = ACTIONS.find((known) => known === given);
  if (action !== undefined) return action;
  const near = nearest(given, ACTIONS);
  const advice = near === undefined ? 'choose one' : `did you mean cache ${near}?`;
  throw new UserError(`cache must be followed by ${ACTIONS.join(' or ')}, but got '${given}'; ${advice}`);
}

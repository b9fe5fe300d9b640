import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { messageOf, UserError } from '../src/errors.js';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const executablePath = PLACES.find((path) => existsSync(path));

/** Whether this machine has a Chromium in one of the usual places. */
export const hasChromium = executablePath !== undefined;

/** Starts this machine's Chromium, without a window. @throws UserError where none starts. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch(executablePath === undefined ? {} : { executablePath }).catch((error: unknown) => {
    throw new UserError(`this needs a Chromium, but none starts (${messageOf(error).split('\n')[0]}); install one`);
  });
}

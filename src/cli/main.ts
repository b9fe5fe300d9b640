#!/usr/bin/env node
import process from 'node:process';
import { outputFailed, reportAndExit } from './failure.js';
import { IS_DETACHED, isIgnored, isTerminalGone } from './ignored-signals.js';
import { buildParser, COMMANDS } from './parser.js';

process.stdout.on('error', outputFailed);
// `train` answers itself, as soon as there is anything to save.
const isAnswered = process.argv[2] === 'train' && !IS_DETACHED;
if (isIgnored('SIGHUP') && !isAnswered) process.on('SIGHUP', () => undefined);
try {
  await buildParser(process.argv.slice(2), COMMANDS, process.stdout.columns).parseAsync();
} catch (error) {
  reportAndExit(error);
}
// Node would abort: it cannot restore the settings of a terminal that was closed. This is how that ends any other program.
if (isTerminalGone()) process.removeAllListeners('SIGHUP').kill(process.pid, 'SIGHUP');

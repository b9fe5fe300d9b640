#!/usr/bin/env node
import process from 'node:process';
import { outputFailed, reportAndExit } from './failure.js';
import { isIgnored, isTerminalGone } from './ignored-signals.js';
import { buildParser, COMMANDS } from './parser.js';

process.stdout.on('error', outputFailed);
if (isIgnored('SIGHUP')) process.on('SIGHUP', () => undefined);
try {
  await buildParser(process.argv.slice(2), COMMANDS, process.stdout.columns).parseAsync();
} catch (error) {
  reportAndExit(error);
}
// Node would abort: it cannot restore the settings of a terminal that was closed. This is how that ends any other program.
if (isTerminalGone()) process.removeAllListeners('SIGHUP').kill(process.pid, 'SIGHUP');

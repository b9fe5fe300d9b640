#!/usr/bin/env node
import process from 'node:process';
import { outputFailed, reportAndExit } from './failure.js';
import { isIgnored } from './ignored-signals.js';
import { buildParser, COMMANDS } from './parser.js';

process.stdout.on('error', outputFailed);
if (isIgnored('SIGHUP')) process.on('SIGHUP', () => undefined);
try {
  await buildParser(process.argv.slice(2), COMMANDS, process.stdout.columns).parseAsync();
} catch (error) {
  reportAndExit(error);
}

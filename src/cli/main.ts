#!/usr/bin/env node
import process from 'node:process';
import { reportAndExit } from './failure.js';
import { buildParser, COMMANDS } from './parser.js';

try {
  await buildParser(process.argv.slice(2), COMMANDS, process.stdout.columns).parseAsync();
} catch (error) {
  reportAndExit(error);
}

#!/usr/bin/env node
import process from 'node:process';
import yargs, { type CommandModule } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { doctorCommand } from './doctor-command.js';
import { evalCommand } from './eval-command.js';
import { failWith, namesOf, reportAndExit } from './failure.js';
import { gradcheckCommand } from './gradcheck-command.js';
import { infoCommand } from './info-command.js';
import { programVersion } from './program.js';
import { sampleCommand } from './sample-command.js';
import { setupCommand } from './setup-command.js';
import { trainCommand } from './train-command.js';

// Heavy modules are imported by the handlers, so that --help and --version answer at once and load no TensorFlow.
const commands = [
  trainCommand,
  sampleCommand,
  evalCommand,
  infoCommand,
  gradcheckCommand,
  doctorCommand,
  setupCommand,
] as unknown as CommandModule[];

const parser = yargs(hideBin(process.argv))
  .scriptName('min-char-rnn')
  .usage('$0 <command>\n\nCharacter-level language models: a vanilla RNN trained fast on TensorFlow.js.')
  .demandCommand(1, 1, 'a command is needed')
  .strict()
  .version(programVersion())
  .alias({ help: 'h', version: 'v' })
  .wrap(Math.min(100, process.stdout.columns ?? 100))
  .parserConfiguration({ 'dot-notation': false, 'parse-numbers': false, 'parse-positional-numbers': false })
  .fail(failWith(namesOf(commands)));

try {
  for (const command of commands) parser.command(command);
  await parser.parseAsync();
} catch (error) {
  reportAndExit(error);
}

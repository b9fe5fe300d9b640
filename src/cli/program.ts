/** How this program was called, for commands to copy: the bin, or its source in a clone. */
export function programName(): string {
  return process.argv[1]?.endsWith('.ts') ? 'npx tsx src/cli/main.ts' : 'min-char-rnn';
}

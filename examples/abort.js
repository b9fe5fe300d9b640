import { train } from 'min-char-rnn';
const controller = new AbortController();
process.once('SIGINT', () => controller.abort());
const training = train('a string is the text itself, '.repeat(200), { signal: controller.signal });
for await (const { type, step } of training) if (type === 'progress') process.stdout.write(`\r${step} steps`);

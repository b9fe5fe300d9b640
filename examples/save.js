import { openCorpus, train } from 'min-char-rnn';
const model = await train(await openCorpus('my.txt'), { preset: 'fast', steps: 300 }).finish();
await model.save('my.safetensors');
const { natsPerChar, perplexity } = await model.evaluate('a text in the same symbols');
console.log(natsPerChar, perplexity);

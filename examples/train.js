import { openCorpus, train } from 'min-char-rnn';
for await (const event of train(await openCorpus('my.txt'), { steps: 5000 })) {
  if (event.type === 'report') console.log(event.step, event.natsPerChar);
  if (event.type === 'sample') console.log(event.text);
}

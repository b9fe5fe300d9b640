import { createServer } from 'node:http';
import { pipeline } from 'node:stream';
import { Model } from 'min-char-rnn';
const model = await Model.load('my.safetensors');
createServer((_, response) => pipeline(model.generate({ length: 10_000 }), response, () => {})).listen(8080);

import { tensorflow } from 'min-char-rnn/tensorflow';
const { tf, trace } = await tensorflow();
const x = tf.randomNormal([8, 8]);
const layer = trace((a, b) => [tf.tanh(tf.matMul(a, b))], [x, x]); // examples of the shapes to come
layer.run([x, x])[0].print();

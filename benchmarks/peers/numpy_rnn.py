"""Peer "NumPy program": the minimal program's algorithm, as one would write it with NumPy.

One stream is trained time step by time step on column vectors, as the classic program does it. More streams (which
the classic program lacks) are trained on (B,H) rows, with every product that can wait gathered into one.
T time steps, B streams, H hidden units, V vocabulary.
"""

import os

import peer

parser = peer.option_parser()
parser.add_argument("--dtype", choices=["float64", "float32"], default="float64")
parser.add_argument("--threads", default="", help="of the matrix library; default: its own choice")
options = parser.parse_args()
if options.threads:
    # Read once, when NumPy loads its matrix library; which of them it was built with is not known before.
    for library in ("OPENBLAS", "MKL", "OMP", "VECLIB", "BLIS"):
        os.environ[f"{library}_NUM_THREADS"] = options.threads
np = peer.require("numpy")


class Parameters:
    """Wxh (H,V), Whh (H,H), Why (V,H), bh and by with their Adagrad memories."""

    def __init__(self, hidden_size, vocabulary_size, dtype, weights_path, bias_shape):
        shapes = [(hidden_size, vocabulary_size), (hidden_size, hidden_size), (vocabulary_size, hidden_size)]
        if weights_path:
            flat = np.fromfile(weights_path, dtype="<f4")
            ends = np.cumsum([rows * columns for rows, columns in shapes])
            weights = [part.reshape(shape) for part, shape in zip(np.split(flat, ends)[:3], shapes)]
        else:
            weights = [np.random.randn(*shape) * 0.01 for shape in shapes]
        self.Wxh, self.Whh, self.Why = (weight.astype(dtype) for weight in weights)
        self.bh = np.zeros(bias_shape(hidden_size), dtype)
        self.by = np.zeros(bias_shape(vocabulary_size), dtype)
        self.all = [self.Wxh, self.Whh, self.Why, self.bh, self.by]
        self.memories = [np.zeros_like(parameter) for parameter in self.all]

    def adagrad(self, gradients, learning_rate):
        for parameter, gradient, memory in zip(self.all, gradients, self.memories):
            np.clip(gradient, -5, 5, out=gradient)
            memory += gradient * gradient
            parameter -= learning_rate * gradient / np.sqrt(memory + 1e-8)


class OneStream:
    """The classic form: column vectors, one time step after another."""

    def __init__(self, indices, vocabulary_size, options):
        self.indices = indices
        self.options = options
        self.windows = peer.Windows(len(indices), options.seq_length)
        column = lambda size: (size, 1)
        self.parameters = Parameters(options.hidden_size, vocabulary_size, options.dtype, options.weights, column)
        self.vocabulary_size = vocabulary_size

    def train_step(self):
        start = self.windows.next()
        if start == 0:
            self.hidden = np.zeros((self.options.hidden_size, 1), self.options.dtype)
        inputs = self.indices[start : start + self.options.seq_length]
        targets = self.indices[start + 1 : start + 1 + self.options.seq_length]
        loss, gradients = self.loss_and_gradients(inputs, targets)
        self.parameters.adagrad(gradients, self.options.learning_rate)
        return float(loss)

    def loss_and_gradients(self, inputs, targets):
        p = self.parameters
        loss = 0.0
        xs, hs, ps = [], [self.hidden], []
        for index, target in zip(inputs, targets):
            x = np.zeros((self.vocabulary_size, 1), self.options.dtype)
            x[index] = 1
            h = np.tanh(np.dot(p.Wxh, x) + np.dot(p.Whh, hs[-1]) + p.bh)
            e = np.exp(np.dot(p.Why, h) + p.by)
            probabilities = e / np.sum(e)
            loss -= np.log(probabilities[target, 0])
            xs.append(x)
            hs.append(h)
            ps.append(probabilities)
        self.hidden = hs[-1]
        return loss, self.backward(xs, hs, ps, targets)

    def backward(self, xs, hs, ps, targets):
        p = self.parameters
        dWxh, dWhh, dWhy, dbh, dby = gradients = [np.zeros_like(parameter) for parameter in p.all]
        dh_next = np.zeros_like(self.hidden)
        for t in reversed(range(len(xs))):
            h, h_before = hs[t + 1], hs[t]
            dy = ps[t]
            dy[targets[t]] -= 1
            dWhy += np.dot(dy, h.T)
            dby += dy
            dh_raw = (1 - h * h) * (np.dot(p.Why.T, dy) + dh_next)
            dbh += dh_raw
            dWxh += np.dot(dh_raw, xs[t].T)
            dWhh += np.dot(dh_raw, h_before.T)
            dh_next = np.dot(p.Whh.T, dh_raw)
        return gradients


class ManyStreams:
    """B streams as rows; only the two recurrences run time step by time step."""

    def __init__(self, indices, vocabulary_size, options):
        stream_length = len(indices) // options.batch_size
        self.streams = np.array(indices[: stream_length * options.batch_size]).reshape(options.batch_size, -1)
        self.options = options
        self.windows = peer.Windows(stream_length, options.seq_length)
        row = lambda size: (size,)
        self.parameters = Parameters(options.hidden_size, vocabulary_size, options.dtype, options.weights, row)
        self.one_hot = np.eye(vocabulary_size, dtype=options.dtype)

    def train_step(self):
        T = self.options.seq_length
        start = self.windows.next()
        if start == 0:
            self.hidden = np.zeros((self.options.batch_size, self.options.hidden_size), self.options.dtype)
        window = self.streams[:, start : start + T + 1].T
        loss, gradients = self.loss_and_gradients(window[:-1], window[1:].ravel())
        self.parameters.adagrad(gradients, self.options.learning_rate)
        return float(loss)

    def loss_and_gradients(self, inputs, targets):
        """inputs (T,B), targets (T*B): the loss and gradients, averaged over streams."""
        p = self.parameters
        T, B = inputs.shape
        hs = np.empty((T + 1, B, self.options.hidden_size), self.options.dtype)
        hs[0] = self.hidden
        xs = p.Wxh.T[inputs] + p.bh
        for t in range(T):
            hs[t + 1] = np.tanh(xs[t] + hs[t] @ p.Whh.T)
        self.hidden = hs[T]
        logits = hs[1:].reshape(T * B, -1) @ p.Why.T + p.by
        logits -= logits.max(axis=1, keepdims=True)
        dy = np.exp(logits)
        sums = dy.sum(axis=1, keepdims=True)
        rows = np.arange(T * B)
        loss = (np.log(sums).sum() - logits[rows, targets].sum()) / B
        dy /= sums
        dy[rows, targets] -= 1
        dy /= B
        return loss, self.backward(hs, dy, inputs)

    def backward(self, hs, dy, inputs):
        p = self.parameters
        T, B = inputs.shape
        dh_raw = (dy @ p.Why).reshape(T, B, -1)
        slope = 1 - hs[1:] ** 2
        dh_raw[T - 1] *= slope[T - 1]
        for t in reversed(range(T - 1)):
            dh_raw[t] = slope[t] * (dh_raw[t] + dh_raw[t + 1] @ p.Whh)
        flat = dh_raw.reshape(T * B, -1)
        dWxh = flat.T @ self.one_hot[inputs.ravel()]
        dWhh = flat.T @ hs[:-1].reshape(T * B, -1)
        return [dWxh, dWhh, dy.T @ hs[1:].reshape(T * B, -1), flat.sum(axis=0), dy.sum(axis=0)]


def save(trainer, path):
    """Raw float32: Wxh, Whh, Why, bh, by, and the hidden state (H) of the first stream."""
    hidden = trainer.hidden.ravel()[: trainer.options.hidden_size]
    np.concatenate([*(parameter.ravel() for parameter in trainer.parameters.all), hidden]).astype("<f4").tofile(path)


def main():
    indices, vocabulary_size = peer.read_corpus(options.corpus)
    form = OneStream if options.batch_size == 1 else ManyStreams
    np.random.seed(42)
    trainer = form(peer.training_part(indices, options.validation_fraction), vocabulary_size, options)
    details = {"dtype": options.dtype, "threads": options.threads or "default"}
    peer.serve("NumPy", np.__version__, details, trainer.train_step, lambda path: save(trainer, path))


if __name__ == "__main__":
    main()

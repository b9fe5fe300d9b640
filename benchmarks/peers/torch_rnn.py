"""Peer "PyTorch": torch.nn.RNN, a linear layer, cross-entropy and torch.optim.Adagrad, on the CPU or a card.

nn.RNN has two hidden biases where the algorithm has one: the second stays at zero. Adagrad's accumulator starts at
1e-8 with eps = 0, which is the algorithm's sqrt(mem + 1e-8) to the letter.
"""

import inspect

import peer
import torch_card

torch = peer.require("torch")


class Trainer:
    def __init__(self, indices, vocabulary_size, options):
        B = options.batch_size
        stream_length = len(indices) // B
        self.options = options
        self.device = torch.device(options.device)
        self.streams = torch.tensor(indices[: stream_length * B]).reshape(B, stream_length).T.contiguous().to(self.device)
        self.windows = peer.Windows(stream_length, options.seq_length)
        self.one_hot = torch.eye(vocabulary_size, device=self.device)
        self.rnn = torch.nn.RNN(vocabulary_size, options.hidden_size, nonlinearity="tanh")
        self.linear = torch.nn.Linear(options.hidden_size, vocabulary_size)
        self.initialise(options.weights)
        self.rnn.to(self.device)
        self.linear.to(self.device)
        self.rnn.bias_hh_l0.requires_grad_(False)
        self.parameters = [p for p in [*self.rnn.parameters(), *self.linear.parameters()] if p.requires_grad]
        adagrad = torch.optim.Adagrad
        fused = {"fused": True} if "fused" in inspect.signature(adagrad).parameters else {}
        self.optimizer = adagrad(
            self.parameters, lr=options.learning_rate, initial_accumulator_value=1e-8, eps=0, **fused
        )

    def initialise(self, weights_path):
        weights = [self.rnn.weight_ih_l0, self.rnn.weight_hh_l0, self.linear.weight]
        with torch.no_grad():
            for bias in (self.rnn.bias_ih_l0, self.rnn.bias_hh_l0, self.linear.bias):
                bias.zero_()
            flat = torch.from_file(weights_path, size=sum(w.numel() for w in weights)) if weights_path else None
            offset = 0
            for weight in weights:
                if flat is None:
                    weight.normal_(0, 0.01)
                else:
                    weight.copy_(flat[offset : offset + weight.numel()].reshape(weight.shape))
                offset += weight.numel()

    def train_step(self):
        T, B = self.options.seq_length, self.options.batch_size
        start = self.windows.next()
        if start == 0:
            self.hidden = torch.zeros(1, B, self.options.hidden_size, device=self.device)
        inputs = self.one_hot[self.streams[start : start + T]]
        targets = self.streams[start + 1 : start + 1 + T].reshape(-1)
        self.optimizer.zero_grad()
        hs, hidden = self.rnn(inputs, self.hidden)
        logits = self.linear(hs.reshape(T * B, -1))
        loss = torch.nn.functional.cross_entropy(logits, targets, reduction="sum") / B
        loss.backward()
        torch.nn.utils.clip_grad_value_(self.parameters, 5)
        self.optimizer.step()
        self.hidden = hidden.detach()
        return loss.detach()


def main():
    parser = peer.option_parser()
    parser.add_argument("--threads", type=int, default=0, help="0: PyTorch's own choice")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    torch_card.add_options(parser)
    options = parser.parse_args()
    if options.device == "cuda" and not torch_card.is_there(options.tf32):
        return
    if options.threads:
        torch.set_num_threads(options.threads)
    indices, vocabulary_size = peer.read_corpus(options.corpus)
    trainer = Trainer(indices, vocabulary_size, options)
    details = {"dtype": "float32", "threads": torch.get_num_threads() if options.device == "cpu" else 0}
    if options.device == "cuda":
        details |= {"device": torch.cuda.get_device_name(), "tf32": options.tf32}
    peer.serve("PyTorch nn.RNN", torch.__version__, details, trainer.train_step)


if __name__ == "__main__":
    main()

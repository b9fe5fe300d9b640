"""Goes on with a checkpoint's run in NumPy, as a user who knows only the file would: python continue_numpy.py FILE TEXT STEPS

Reads the weights, Adagrad memories, hidden state and position with the safetensors package, trains STEPS windows on the
text by the minimal character RNN's algorithm in float64, and prints their losses as a JSON list.
"""

import json
import sys

import numpy as np
from safetensors import safe_open

NAMES = ["Wxh", "Whh", "Why", "bh", "by"]


def load(path):
    with safe_open(path, framework="numpy") as file:
        tensors = {name: file.get_tensor(name).astype(np.float64) for name in file.keys()}
        metadata = {key: json.loads(text) for key, text in file.metadata().items() if text[0] in "[{"}
    return tensors, metadata


def window(p, h, inputs, targets):
    """Loss, gradients and last hidden state of one window; p the parameters, h (H) the state before it."""
    hs, ps, loss = [h], [], 0.0
    for x, target in zip(inputs, targets):
        hs.append(np.tanh(p["Wxh"][:, x] + p["Whh"] @ hs[-1] + p["bh"]))
        y = p["Why"] @ hs[-1] + p["by"]
        e = np.exp(y - y.max())
        ps.append(e / e.sum())
        loss -= np.log(ps[-1][target])
    d = {name: np.zeros_like(p[name]) for name in NAMES}
    dhnext = np.zeros_like(h)
    for t in reversed(range(len(inputs))):
        dy = ps[t].copy()
        dy[targets[t]] -= 1
        d["Why"] += np.outer(dy, hs[t + 1])
        d["by"] += dy
        dhraw = (1 - hs[t + 1] ** 2) * (p["Why"].T @ dy + dhnext)
        d["bh"] += dhraw
        d["Wxh"][:, inputs[t]] += dhraw
        d["Whh"] += np.outer(dhraw, hs[t])
        dhnext = p["Whh"].T @ dhraw
    return loss, d, hs[-1]


def go_on(tensors, metadata, text, steps):
    """The losses of the next windows; the state goes back to zeros where the text ends."""
    options, position = metadata["options"], metadata["corpus"]["position"]
    length, rate, limit = options["seqLength"], options["learningRate"], options["gradClip"]
    indices = {character: index for index, character in enumerate(metadata["vocabulary"])}
    symbols = [indices[character] for character in text]
    h = tensors["hidden"][0]
    losses = []
    for _ in range(steps):
        if position + length + 1 >= len(symbols):
            position, h = 0, np.zeros_like(h)
        end = position + length
        loss, gradients, h = window(tensors, h, symbols[position:end], symbols[position + 1 : end + 1])
        for name in NAMES:
            d = np.clip(gradients[name], -limit, limit)
            tensors["m" + name] += d * d
            tensors[name] -= rate * d / np.sqrt(tensors["m" + name] + 1e-8)
        losses.append(loss)
        position = end
    return losses


file_name, text_name, steps = sys.argv[1:]
with open(text_name, encoding="utf-8", newline="") as file:
    text = file.read()
json.dump(go_on(*load(file_name), text, int(steps)), sys.stdout)

"""Prints test/model/reference/golden.json: what the algorithm must give, from an independent program.

    python scripts/make-golden.py > test/model/reference/golden.json

The algorithm as specified, in NumPy and float64: one column vector a time step, one stream, no batching. Weights,
text and sizes are fixed, so the file is the same on every machine, byte for byte: results are rounded, and the script
refuses to print a value so near to a rounding boundary that another machine's last bit could tip it.
"""

import json
import textwrap

import numpy as np

TEXT = "a small stream ran over small stones,\nand the stones sang a small song to the stream.\n"
HIDDEN_SIZE = 6
SEQ_LENGTH = 10
LEARNING_RATE = 0.01
CLIP = 5.0
STEPS = 50
# Value k of all parameters, counted row by row through Wxh, Whh, Why, bh, by, is sin(k * k + PHASE). The phase is
# chosen so that no result comes near a rounding boundary.
PHASE = 0
LOSS_DECIMALS = 10
GRADIENT_DECIMALS = 12
# A boundary is near within this part of a unit of the last decimal.
MARGIN = 0.002


def initial_parameters(V, H, phase):
    shapes = {"Wxh": (H, V), "Whh": (H, H), "Why": (V, H), "bh": (H, 1), "by": (V, 1)}
    k = np.arange(sum(rows * columns for rows, columns in shapes.values()), dtype=np.float64)
    values = np.sin(k * k + phase)
    parameters, start = {}, 0
    for name, (rows, columns) in shapes.items():
        parameters[name] = values[start : start + rows * columns].reshape(rows, columns)
        start += rows * columns
    return parameters


def loss_and_gradients(p, h0, inputs, targets):
    """Loss in nats summed over the window, gradients before clipping, and the last hidden state."""
    V = p["by"].shape[0]
    loss, h, states, probabilities = 0.0, h0, [h0], []
    for x, target in zip(inputs, targets):
        h = np.tanh(p["Wxh"] @ np.eye(V)[:, [x]] + p["Whh"] @ h + p["bh"])
        y = p["Why"] @ h + p["by"]
        probability = np.exp(y) / np.sum(np.exp(y))
        loss -= np.log(probability[target, 0])
        states.append(h)
        probabilities.append(probability)
    d = {name: np.zeros_like(values) for name, values in p.items()}
    dh_next = np.zeros_like(h0)
    for t in reversed(range(len(inputs))):
        h, h_before = states[t + 1], states[t]
        dy = probabilities[t] - np.eye(V)[:, [targets[t]]]
        d["Why"] += dy @ h.T
        d["by"] += dy
        dh_raw = (1 - h * h) * (p["Why"].T @ dy + dh_next)
        d["bh"] += dh_raw
        d["Wxh"] += dh_raw @ np.eye(V)[:, [inputs[t]]].T
        d["Whh"] += dh_raw @ h_before.T
        dh_next = p["Whh"].T @ dh_raw
    return loss, d, states[-1]


def train(phase):
    """Losses of all steps, gradients of the first, and the largest gradient that was clipped."""
    characters = sorted(set(TEXT))
    data = [characters.index(character) for character in TEXT]
    p = initial_parameters(len(characters), HIDDEN_SIZE, phase)
    memories = {name: np.zeros_like(values) for name, values in p.items()}
    hidden, position = np.zeros((HIDDEN_SIZE, 1)), 0
    losses, first, largest = [], None, 0.0
    for _ in range(STEPS):
        if position + SEQ_LENGTH + 1 >= len(data):
            hidden, position = np.zeros((HIDDEN_SIZE, 1)), 0
        inputs = data[position : position + SEQ_LENGTH]
        targets = data[position + 1 : position + SEQ_LENGTH + 1]
        loss, d, hidden = loss_and_gradients(p, hidden, inputs, targets)
        losses.append(loss)
        first = first or d
        for name, gradient in d.items():
            largest = max(largest, np.abs(gradient).max())
            clipped = np.clip(gradient, -CLIP, CLIP)
            memories[name] += clipped * clipped
            p[name] = p[name] - LEARNING_RATE * clipped / np.sqrt(memories[name] + 1e-8)
        position += SEQ_LENGTH
    return np.array(losses), first, largest


def near_boundary(values, decimals):
    return np.any(np.abs((np.abs(values) * 10.0**decimals) % 1 - 0.5) < MARGIN)


def listed(key, values, decimals, indent):
    """A key and its numbers, in lines as prettier breaks them."""
    text = ", ".join(repr(round(float(value), decimals) + 0.0) for value in np.ravel(values))
    line = f'{indent}"{key}": [{text}]'
    if len(line) < 120:
        return line
    lines = textwrap.fill(text, 120, initial_indent=indent + "  ", subsequent_indent=indent + "  ")
    return f'{indent}"{key}": [\n{lines}\n{indent}]'


def main():
    losses, gradients, largest = train(PHASE)
    assert largest > CLIP, "clipping must matter, or the losses do not test it"
    assert not near_boundary(losses, LOSS_DECIMALS), "a loss is near a rounding boundary: try the next phase"
    for name, gradient in gradients.items():
        assert not near_boundary(gradient, GRADIENT_DECIMALS), f"d{name} is near a boundary: try the next phase"
    constants = {
        "text": TEXT,
        "hiddenSize": HIDDEN_SIZE,
        "seqLength": SEQ_LENGTH,
        "learningRate": LEARNING_RATE,
        "gradClip": int(CLIP),
        "phase": PHASE,
    }
    head = "".join(f"  {json.dumps(key)}: {json.dumps(value)},\n" for key, value in constants.items())
    body = ",\n".join(listed(name, d, GRADIENT_DECIMALS, "    ") for name, d in gradients.items())
    print(f'{{\n{head}{listed("losses", losses, LOSS_DECIMALS, "  ")},\n  "gradients": {{\n{body}\n  }}\n}}')


main()

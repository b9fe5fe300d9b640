"""What the Python peers share: options, the corpus, where windows start, and the harness's line protocol."""

import argparse
import importlib
import json
import sys
import time


def require(module):
    """Imports a module, or reports to the harness that this peer is absent, and ends."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        tell({"absent": f"{sys.executable} cannot import {module}: {error}"})
        sys.exit(0)


def option_parser():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden-size", type=int, default=100)
    parser.add_argument("--seq-length", type=int, default=25)
    parser.add_argument("--batch-size", type=int, default=1)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--validation-fraction", type=float, default=0, help="of the text, at its end, to leave out")
    parser.add_argument("--weights", help="raw float32, little-endian: Wxh (H,V), Whh (H,H), Why (V,H); biases are 0")
    return parser


def read_corpus(path):
    """The text as a list of indices into its vocabulary (sorted by code point), and the vocabulary's size."""
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    index_of = {character: index for index, character in enumerate(sorted(set(text)))}
    return [index_of[character] for character in text], len(index_of)


def training_part(indices, validation_fraction):
    """The text without its last part, which is kept for validation."""
    return indices[: len(indices) - int(len(indices) * validation_fraction)]


class Windows:
    """Start positions of successive windows in streams of equal length; back to 0 where the data ends."""

    def __init__(self, stream_length, seq_length):
        if stream_length <= seq_length + 1:
            raise SystemExit("the corpus is too short for these sizes")
        self.stream_length = stream_length
        self.seq_length = seq_length
        self.following = 0

    def next(self):
        start = self.following
        if start + self.seq_length + 1 >= self.stream_length:
            start = 0
        self.following = start + self.seq_length
        return start


def tell(message):
    print(json.dumps(message), flush=True)


class Clock:
    """The steps trained so far and the seconds that they took, whatever else happened in between."""

    def __init__(self, train_step):
        self.train_step = train_step
        self.seconds = 0.0
        self.steps = 0

    def run(self, steps=sys.maxsize, until=float("inf")):
        """Trains for so many steps, or until so many seconds of training are over; returns the last loss.

        The loss is read at the end, as our own program does: reading waits for a card that is still computing.
        """
        loss = None
        start = time.perf_counter() - self.seconds
        while steps > 0 and self.seconds < until:
            loss = self.train_step()
            self.seconds = time.perf_counter() - start
            self.steps += 1
            steps -= 1
        if loss is not None:
            loss = float(loss)
            self.seconds = time.perf_counter() - start
        return loss


def serve(name, version, details, train_step, save=None):
    """Answers the harness until it says quit.

    train_step() trains on one window and returns its loss, of which float() can be taken; save(path) writes the parameters.
    "run N" trains on N windows; "until S PATH" until S seconds of training are over, and then saves.
    """
    tell({"ready": True, "name": name, "version": version, "details": details})
    clock = Clock(train_step)
    for line in sys.stdin:
        command, _, rest = line.strip().partition(" ")
        if command == "run":
            before = clock.seconds
            loss = clock.run(int(rest))
            tell({"seconds": clock.seconds - before, "loss": loss})
        elif command == "until" and save:
            seconds, _, path = rest.partition(" ")
            clock.run(until=float(seconds))
            save(path)
            tell({"seconds": clock.seconds, "steps": clock.steps})
        else:
            return

"""What the Python peers share: options, the corpus, where windows start, and the harness's line protocol."""

import argparse
import importlib
import json
import sys
import time


def require(module):
    """Imports a module, or tells the harness that this peer is absent and ends."""
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
    parser.add_argument("--weights", help="raw float32, little-endian: Wxh (H,V), Whh (H,H), Why (V,H); biases are 0")
    return parser


def read_corpus(path):
    """The text as a list of indices into its vocabulary (sorted by code point), and the vocabulary's size."""
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    index_of = {character: index for index, character in enumerate(sorted(set(text)))}
    return [index_of[character] for character in text], len(index_of)


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


def serve(name, version, details, train_step):
    """Answers the harness until it says quit; train_step() trains on one window and returns its loss as a float."""
    tell({"ready": True, "name": name, "version": version, "details": details})
    for line in sys.stdin:
        command, _, count = line.partition(" ")
        if command.strip() != "run":
            return
        start = time.perf_counter()
        for _ in range(int(count)):
            loss = train_step()
        tell({"seconds": time.perf_counter() - start, "loss": loss})

"""Prints the best GFLOP/s of PyTorch's matrix product on the card: {"gflops": {"4096": ...}}, with --tf32 in TF32."""

import argparse
import time

import peer
import torch_card

torch = peer.require("torch")

SIZES = (4096, 8192)
TRIES = 8
PRODUCTS_PER_TRY = 4


def best_gflops(size):
    a, b = (torch.rand(size, size, device="cuda") for _ in range(2))
    best = 0.0
    for _ in range(TRIES):
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(PRODUCTS_PER_TRY):
            product = a @ b
        product[0, 0].item()
        best = max(best, PRODUCTS_PER_TRY * 2 * size**3 / (time.perf_counter() - start) / 1e9)
    return best


parser = argparse.ArgumentParser()
torch_card.add_options(parser)
if torch_card.is_there(parser.parse_args().tf32):
    peer.tell({"gflops": {str(size): best_gflops(size) for size in SIZES}})

"""Prints the best GFLOP/s of PyTorch's matrix product on the card: {"gflops": {"4096": ...}}, with --tf32 in TF32."""

import sys
import time

import peer

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


if not torch.cuda.is_available():
    peer.tell({"absent": f"PyTorch {torch.__version__} finds no CUDA device"})
else:
    torch.backends.cuda.matmul.allow_tf32 = "--tf32" in sys.argv
    peer.tell({"gflops": {str(size): best_gflops(size) for size in SIZES}})

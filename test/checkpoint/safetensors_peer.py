"""The format's own reader and writer, for the tests: reads one JSON request on stdin, writes one JSON answer.

{"read": [path, ...]}: for each file its metadata and tensors, or {"refused": why}.
{"write": path, "tensors": {name: {"shape": [...], "hex": "..."}}, "metadata": {...}}: writes that file, answers null.
Values travel as hexadecimal little-endian bytes, so that every bit of every float is compared.
"""

import json
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file


def read(path):
    try:
        with safe_open(path, framework="numpy") as file:
            tensors = {name: describe(file.get_tensor(name)) for name in file.keys()}
            return {"metadata": file.metadata() or {}, "tensors": tensors}
    except Exception as error:  # noqa: BLE001 - whatever the reader raises is its refusal
        return {"refused": f"{type(error).__name__}: {error}"}


def describe(array):
    return {"dtype": array.dtype.str, "shape": list(array.shape), "hex": array.tobytes().hex()}


def write(path, tensors, metadata):
    arrays = {
        name: np.frombuffer(bytes.fromhex(tensor["hex"]), dtype="<f4").reshape(tensor["shape"])
        for name, tensor in tensors.items()
    }
    # An empty dict would do, but with no tensors either the package writes a header that is not JSON.
    save_file(arrays, path, metadata=metadata or None)


request = json.load(sys.stdin)
if "read" in request:
    answer = [read(path) for path in request["read"]]
else:
    answer = write(request["write"], request["tensors"], request["metadata"])
json.dump(answer, sys.stdout)

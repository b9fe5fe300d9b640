"""Prints, as JSON, the scalars that TensorBoard's own two readers find in a folder of event files.

usage: python read_events.py FOLDER
output: {"tag": [[step, value, wall time], ...], ...}; a value that is not a number is null
"""

import json
import math
import sys

from tensorboard.backend.event_processing import event_accumulator, plugin_event_accumulator
from tensorboard.util import tensor_util


def scalars(accumulator, tags, points, value):
    accumulator.Reload()
    return {
        tag: [[point.step, value(point), point.wall_time] for point in points(tag)] for tag in tags(accumulator.Tags())
    }


def finite(value):
    return None if math.isnan(value) else value


plain = event_accumulator.EventAccumulator(sys.argv[1], size_guidance={event_accumulator.SCALARS: 0})
found = scalars(plain, lambda tags: tags["scalars"], plain.Scalars, lambda point: finite(point.value))
# What the page itself reads with.
page = plugin_event_accumulator.EventAccumulator(sys.argv[1], tensor_size_guidance={"scalars": 0})
shown = scalars(
    page,
    lambda tags: tags["tensors"],
    page.Tensors,
    lambda point: finite(tensor_util.make_ndarray(point.tensor_proto).item()),
)
if shown != found:
    sys.exit(f"TensorBoard's two readers must find the same, but found {found} and {shown}")
json.dump(found, sys.stdout)

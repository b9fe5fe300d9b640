"""Prints, as JSON, the scalars that TensorBoard's own reader finds in a folder of event files.

usage: python read_events.py FOLDER
output: {"tag": [[step, value, wall time], ...], ...}; a value that is not a number is null
"""

import json
import math
import sys

from tensorboard.backend.event_processing import event_accumulator

accumulator = event_accumulator.EventAccumulator(sys.argv[1], size_guidance={event_accumulator.SCALARS: 0})
accumulator.Reload()
scalars = {
    tag: [
        [event.step, None if math.isnan(event.value) else event.value, event.wall_time]
        for event in accumulator.Scalars(tag)
    ]
    for tag in accumulator.Tags()["scalars"]
}
json.dump(scalars, sys.stdout)

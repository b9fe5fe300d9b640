"""Sends signals to a process at a steady rate, until it is gone or this program gets SIGTERM; prints a line when
it begins, and at the end how many, and in how many seconds.

usage: send-signals.py PID PERIOD_MICROSECONDS [TTY]

Without TTY: SIGUSR2 by kill(2). With TTY: the size of that terminal changes, for which the kernel sends SIGWINCH.
"""

import fcntl
import os
import signal
import struct
import sys
import termios
import time

pid, period = int(sys.argv[1]), float(sys.argv[2]) / 1e6
tty = os.open(sys.argv[3], os.O_RDWR | os.O_NOCTTY) if len(sys.argv) > 3 else None
going = True


def stop(*_):
    global going
    going = False


def send(count):
    if tty is None:
        os.kill(pid, signal.SIGUSR2)
    else:
        rows, columns = (30, 100) if count % 2 else (20, 60)
        fcntl.ioctl(tty, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


signal.signal(signal.SIGTERM, stop)
print("sending", flush=True)
sent = 0
start = due = time.monotonic()
try:
    while going:
        send(sent)
        sent += 1
        due += period
        wait = due - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        elif wait < -0.1:
            # Held up for long: signals that come in one burst would count as one.
            due = time.monotonic()
except OSError:
    # The process or its terminal is gone.
    pass
print(sent, time.monotonic() - start)

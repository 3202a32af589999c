"""The clock of a process: the machine's virtual time. Nothing here reads the real clock."""

import array
import time

READ_US = 50  # Each read of the clock costs this much, so `while time.time() < end` ends.


class Clock:
    """Four memory cells that the page reads too, for C's own clocks: `datetime.now()`, `logging`."""

    def __init__(self):
        # When the turn began and the calendar time at 0 (ms), the processor time it has used (µs), the time it has slept without
        # suspending (ms).
        self.cells = array.array("d", [0.0, 0.0, 0.0, 0.0])
        self._before = 0.0  # Processor time of earlier turns, in µs.

    def address(self):
        return self.cells.buffer_info()[0]

    def begin(self, now, epoch):
        self._before += self.cells[2]
        self.cells[0], self.cells[1], self.cells[2], self.cells[3] = now, epoch, 0.0, 0.0

    @property
    def used(self):
        """The time that the turn has taken so far, in ms."""
        return self.cells[2] / 1000 + self.cells[3]

    def now(self):
        """Virtual ms since the machine started."""
        return self.cells[0] + self.used

    def read(self):
        self.cells[2] += READ_US
        return self.now()

    def compute(self, us):
        self.cells[2] += us

    def hold(self, ms):
        self.cells[3] += ms

    def processor(self):
        """Processor time of the process, in ms."""
        self.cells[2] += READ_US
        return (self._before + self.cells[2]) / 1000


clock = Clock()


def replace_clocks(sleep):
    """From here on the functions of `time` use virtual time. `sleep` suspends for this many ms."""

    def calendar():
        return clock.cells[1] + clock.read()

    def sleep_for(seconds, /):
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        sleep(seconds * 1000)

    time.time = lambda: calendar() / 1000
    time.time_ns = lambda: round(calendar() * 1e6)
    time.monotonic = time.perf_counter = lambda: clock.read() / 1000
    time.monotonic_ns = time.perf_counter_ns = lambda: round(clock.read() * 1e6)
    time.process_time = time.thread_time = lambda: clock.processor() / 1000
    time.process_time_ns = time.thread_time_ns = lambda: round(clock.processor() * 1e6)
    time.sleep = sleep_for

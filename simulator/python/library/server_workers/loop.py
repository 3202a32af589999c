"""CPython's own event loop on virtual time: where it would wait for the operating system, the turn ends."""

import asyncio
import heapq
import threading

from .clock import clock
from .threads import Pool


class _NoSelector:
    def select(self, timeout=None):
        return []

    def get_map(self):
        return {}

    def close(self):
        pass


class Loop(asyncio.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self._selector = _NoSelector()
        self._clock_resolution = 1e-6
        self.pool = Pool(self)

    def time(self):
        return clock.now() / 1000

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass

    def run_forever(self):
        raise RuntimeError("This event loop is already running")

    def run_until_complete(self, future):
        raise RuntimeError("This event loop is already running")

    def run_in_executor(self, executor, func, *args):
        return self.pool.run(func, *args)

    def has_ready(self):
        return bool(self._ready)

    def earliest(self):
        """The virtual time of the next timer, in ms."""
        while self._scheduled and self._scheduled[0]._cancelled:
            self._drop()
        return self._scheduled[0]._when * 1000 if self._scheduled else None

    def _drop(self):
        handle = heapq.heappop(self._scheduled)
        handle._scheduled = False
        if handle._cancelled:
            self._timer_cancelled_count = max(0, self._timer_cancelled_count - 1)
        return handle

    def rest(self):
        """Runs until nothing is ready."""
        asyncio._set_running_loop(self)
        self._thread_id = threading.get_ident()
        try:
            while True:
                end = self.time() + self._clock_resolution
                while self._scheduled and (self._scheduled[0]._cancelled or self._scheduled[0]._when <= end):
                    handle = self._drop()
                    if not handle._cancelled:
                        self._ready.append(handle)
                if not self._ready:
                    return
                for _ in range(len(self._ready)):
                    handle = self._ready.popleft()
                    if not handle._cancelled:
                        handle._run()
        finally:
            asyncio._set_running_loop(None)
            self._thread_id = None

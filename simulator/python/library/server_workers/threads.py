"""Threads, as stacks that are switched where they wait: one runs at a time, as under the GIL."""

import collections
import contextvars
import sys
import threading

from .acts import Exited
from .clock import clock
from .errors import text_of
from .refusals import sentence
from .stacks import can_switch, current_stack, page, spawn, wait

POOL = 40  # anyio's default limiter: this many `def` endpoints at a time.


class Pool:
    """Runs `def` functions for an event loop, each on a stack of its own; more than `POOL` of them wait."""

    def __init__(self, loop):
        self._loop = loop
        self._waiting = collections.deque()
        self._running = 0

    def run(self, function, *args):
        future = self._loop.create_future()
        self._waiting.append((future, contextvars.copy_context(), function, args))
        self._start()
        return future

    def _start(self):
        while self._waiting and self._running < POOL:
            self._running += 1
            job = self._waiting.popleft()
            if page["stacks"] is not None:
                spawn(lambda job=job: self._call(*job))
            else:
                self._loop.call_soon(self._call, *job)

    def _call(self, future, context, function, args):
        result = error = None
        try:
            result = context.run(function, *args)
        except Exited:
            return
        except BaseException as raised:
            error = raised
        self._running -= 1
        if not future.cancelled():
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
        self._start()


class Thread:
    """`threading.Thread`, as far as start, end and join."""

    _count = 0

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None, context=None):
        Thread._count += 1
        ending = f" ({target.__name__})" if target is not None and name is None else ""
        self.name = name or f"Thread-{Thread._count}{ending}"
        self.daemon = bool(daemon)
        self._target, self._args, self._kwargs = target, args, kwargs or {}
        self._alive = self._started = False

    def run(self):
        if self._target is not None:
            self._target(*self._args, **self._kwargs)

    def start(self):
        if page["stacks"] is None:
            raise RuntimeError(sentence("threads"))
        if self._started:
            raise RuntimeError("threads can only be started once")
        self._started = self._alive = True
        spawn(self._live)

    def _live(self):
        threading._active[current_stack()] = self
        try:
            self.run()
        except (SystemExit, Exited):
            pass
        except BaseException as error:
            sys.stderr.write(f"Exception in thread {self.name}:\n{text_of(error)}")
        finally:
            self._alive = False
            del threading._active[current_stack()]

    def is_alive(self):
        return self._alive

    def join(self, timeout=None):
        if not self._started:
            raise RuntimeError("cannot join thread before it is started")
        end = None if timeout is None else clock.now() + timeout * 1000
        while self._alive and (end is None or clock.now() < end):
            wait(1)


class Lock:
    """`threading.Lock`: who waits for it lets the other stacks run, of which one holds it."""

    def __init__(self):
        self._locked = False

    def acquire(self, blocking=True, timeout=-1):
        end = clock.now() + timeout * 1000 if timeout >= 0 else None
        while self._locked:
            if not blocking or not can_switch() or (end is not None and clock.now() >= end):
                return False
            wait(1)
        self._locked = True
        return True

    def release(self):
        if not self._locked:
            raise RuntimeError("release unlocked lock")
        self._locked = False

    def locked(self):
        return self._locked

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()


def replace_threads():
    threading.Thread = Thread
    # `Condition`, `Event`, `Semaphore` and `Queue` are made of these.
    threading.Lock = threading._allocate_lock = Lock
    threading.RLock = threading._PyRLock
    threading.get_ident = current_stack
    threading._active[0] = threading.main_thread()

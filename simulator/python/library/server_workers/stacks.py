"""Waiting in the middle of code that has no `await`: its stack is suspended, and others run."""

import asyncio
import contextvars

from pyodide.ffi import can_run_sync, run_sync

from .clock import clock

SLACK_MS = 0.05  # Linux's timer slack: no sleep is shorter, so that time always advances.

page = {"stacks": None, "disk": None}
_running = {"stack": 0, "count": 0}


def current_stack():
    """The number of the stack that runs: 0 is the main thread."""
    return _running["stack"]


class _Instant(asyncio.AbstractEventLoop):
    """An event loop for promises of the page that calls back at once, since the application's own loop may be what waits."""

    def create_future(self):
        return asyncio.Future(loop=self)

    def create_task(self, coroutine, **more):
        return asyncio.Task(coroutine, loop=self, **more)

    def call_soon(self, callback, *args, context=None):
        (context or contextvars.copy_context()).run(callback, *args)

    call_soon_threadsafe = call_soon

    def call_exception_handler(self, context):
        pass

    def get_debug(self):
        return False

    def is_running(self):
        return True

    def is_closed(self):
        return False

    def time(self):
        return clock.now() / 1000


_instant = _Instant()


def can_switch():
    """Whether this browser can suspend a stack (JSPI)."""
    return page["stacks"] is not None and can_run_sync()


def wait(ms):
    """Suspends this stack for this many ms. Where the browser cannot, the time is added to the turn."""
    if not can_switch():
        return clock.hold(ms)
    before, me = asyncio._get_running_loop(), _running["stack"]
    asyncio._set_running_loop(_instant)
    try:
        run_sync(page["stacks"].block(max(ms, SLACK_MS)))
    finally:
        asyncio._set_running_loop(before)
        _running["stack"] = me


def begin_main():
    """From here on the main thread runs."""
    _running["stack"] = 0


def look_around():
    """Suspends a long computation, so that the machine can handle other events."""
    if can_switch():
        wait(0)


def spawn(function):
    """Runs a job on a stack of its own, when the running ones wait."""
    _running["count"] += 1
    me = _running["count"]

    def run():
        asyncio._set_running_loop(None)
        _running["stack"] = me
        try:
            function()
        finally:
            asyncio._set_running_loop(None)

    page["stacks"].spawn(run)

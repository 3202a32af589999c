"""Waiting in the middle of code that knows no `await`: the stack is put aside, and others go on."""

import asyncio
import contextvars

from pyodide.ffi import can_run_sync, run_sync

from .clock import clock

SLACK_MS = 0.05  # Linux's timer slack: no rest is shorter, so that time always goes on.

page = {"stacks": None}


class _Instant(asyncio.AbstractEventLoop):
    """The loop of a promise of the page: it calls at once, for the application's own loop may be what waits."""

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
    """Whether this browser can put a stack aside (JSPI)."""
    return page["stacks"] is not None and can_run_sync()


def wait(ms):
    """This stack rests for so many ms. Where the browser cannot put it aside, the time is added to the turn."""
    if not can_switch():
        return clock.hold(ms)
    before = asyncio._get_running_loop()
    asyncio._set_running_loop(_instant)
    try:
        run_sync(page["stacks"].block(max(ms, SLACK_MS)))
    finally:
        asyncio._set_running_loop(before)


def look_around():
    """A long computation lets the machine see what else happens."""
    if can_switch():
        wait(0)


def spawn(function):
    """Runs on a stack of its own, when those that run now rest."""

    def run():
        asyncio._set_running_loop(None)
        try:
            function()
        finally:
            asyncio._set_running_loop(None)

    page["stacks"].spawn(run)

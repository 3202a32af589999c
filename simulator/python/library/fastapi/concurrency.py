import asyncio
import inspect

from . import subset


async def run_in_threadpool(func, *args, **kwargs):
    return await asyncio.get_running_loop().run_in_executor(None, lambda: func(*args, **kwargs))


async def call(func, *args, **kwargs):
    """Awaits an `async def`; runs a `def` in a thread."""
    if inspect.iscoroutinefunction(func):
        return await func(*args, **kwargs)
    return await run_in_threadpool(func, *args, **kwargs)


def __getattr__(name):
    subset.missing_name("fastapi.concurrency", name)

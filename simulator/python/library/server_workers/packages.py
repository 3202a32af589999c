"""FastAPI itself: where its packages would start threads of the operating system, they get the page's."""

import asyncio

import anyio._backends._asyncio
import anyio.to_thread
import email.message
import fastapi.encoders
import fastapi.exceptions
import fastapi.middleware
import fastapi.middleware.cors
import fastapi.middleware.gzip
import fastapi.security
import fastapi.staticfiles
import starlette.background
import starlette.concurrency
import starlette.middleware.base
import starlette.websockets


async def run_sync(func, *args, abandon_on_cancel=False, cancellable=None, limiter=None):
    """`anyio.to_thread.run_sync`, whose default limiter allows 40 threads: so does the page's pool."""
    return await asyncio.get_running_loop().run_in_executor(None, func, *args)


anyio.to_thread.run_sync = run_sync

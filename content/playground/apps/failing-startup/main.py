# The import succeeds; what is done before the first request does not.
import asyncio
import os
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    await asyncio.sleep(0.4)
    raise RuntimeError("cannot reach the database")
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def answer():
    return {"pid": os.getpid()}

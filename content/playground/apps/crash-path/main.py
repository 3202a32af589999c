# One path ends the whole process, with all other requests that it was handling.
import asyncio
import os

from fastapi import FastAPI

app = FastAPI()


@app.get("/crash")
async def crash():
    os._exit(1)


@app.get("/")
async def answer():
    await asyncio.sleep(0.3)
    return {"pid": os.getpid()}

# One path ends the whole process, with whatever else it had in hand.
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

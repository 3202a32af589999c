# Waits for something else, a database perhaps, and serves others meanwhile.
import asyncio
import os
import random

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def wait():
    await asyncio.sleep(random.uniform(0.2, 0.8))
    return {"waited": True, "pid": os.getpid()}

# Answers with the number of the process that handled the request.
import asyncio
import os
import random

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def answer():
    return {"pid": os.getpid()}


@app.get("/work")
async def work():
    await asyncio.sleep(random.uniform(0.05, 0.5))
    return {"pid": os.getpid()}

# Keeps 4 MB of every request for good.
import os

from fastapi import FastAPI

app = FastAPI()
kept = []


@app.get("/")
async def leak():
    kept.append(os.urandom(4_000_000))
    return {"kept": "4 MB", "pid": os.getpid()}

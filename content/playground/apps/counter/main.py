# Counts visits in a global variable. Each worker has its own.
import os

from fastapi import FastAPI

app = FastAPI()
visits = 0


@app.get("/")
async def count():
    global visits
    visits += 1
    return {"visits": visits, "pid": os.getpid()}

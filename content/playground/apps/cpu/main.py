# Computes for 300 ms and serves no other request meanwhile.
import os
import time

from fastapi import FastAPI

app = FastAPI()


def compute(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@app.get("/")
async def work():
    compute(0.3)
    return {"computed": True, "pid": os.getpid()}

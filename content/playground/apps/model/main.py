# Loads a model of 500 MB when the module is imported: every worker loads its own.
import os
import time

from fastapi import FastAPI


def compute(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


compute(1.5)
model = os.urandom(500_000_000)

app = FastAPI()


@app.get("/")
async def predict():
    compute(0.04)
    return {"label": "cat", "pid": os.getpid()}

# One path never comes to an end: its worker lives and answers no request.
import os

from fastapi import FastAPI

app = FastAPI()


@app.get("/hang")
async def hang():
    while True:
        pass


@app.get("/")
async def answer():
    return {"pid": os.getpid()}

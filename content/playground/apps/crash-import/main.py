# Something is missing, and the import fails: no worker ever serves.
import os

from fastapi import FastAPI

url = os.environ.get("DATABASE_URL")
if not url:
    raise RuntimeError("DATABASE_URL is not set")

app = FastAPI()


@app.get("/")
async def answer():
    return {"database": url, "pid": os.getpid()}

import asyncio
import datetime
import os
import random
import time
import uuid
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse


@asynccontextmanager
async def lifespan(app):
    print("starting", os.getpid())
    yield {"connection": "open"}
    print("stopped")


app = FastAPI(title="An application", lifespan=lifespan)
visits = 0


@app.get("/")
async def count():
    global visits
    visits += 1
    return {"pid": os.getpid(), "visits": visits, "greeting": os.environ["GREETING"]}


@app.get("/items/{item}")
def item(item: int, q: str | None = None):
    return {"item": item, "q": q}


@app.get("/missing", status_code=200)
async def missing():
    raise HTTPException(status_code=404, detail="no such thing")


@app.get("/tea")
async def tea():
    return Response("short and stout", status_code=418, media_type="text/plain", headers={"X-Pot": "1"})


@app.get("/cookies")
async def cookies(request: Request):
    response = JSONResponse(request.headers.getlist("x-twice"), headers={"X-First": "1"})
    response.set_cookie("a", "1", max_age=60, httponly=True)
    response.headers["X-Between"] = "yes"
    response.set_cookie("b", "2", path="/b")
    return response


@app.post("/echo")
async def echo(request: Request):
    return {"body": await request.json(), "state": request.state.connection}


@app.get("/later")
async def later():
    await asyncio.sleep(0.3)
    return "later"


@app.get("/deaf")
async def deaf():
    time.sleep(0.5)
    return "deaf"


@app.get("/thread")
def thread():
    time.sleep(0.5)
    return "thread"


@app.get("/spin")
async def spin(ms: int):
    end = time.process_time() + ms / 1000
    while time.process_time() < end:
        pass
    return "spun"


def connection():
    yield "connection"
    print("closed")


@app.get("/depends")
async def depends(given: Annotated[str, Depends(connection)]):
    return given


@app.get("/stream")
async def stream():
    async def lines():
        for number in range(3):
            await asyncio.sleep(0.1)
            yield f"{number}\n"

    return StreamingResponse(lines(), media_type="text/plain")


@app.get("/chance")
async def chance():
    now = datetime.datetime.now(datetime.timezone.utc)
    return [random.random(), str(uuid.uuid4()), os.urandom(4).hex(), now.isoformat(timespec="seconds")]


kept = []


@app.get("/keep")
async def keep():
    kept.append(bytearray(20_000_000))
    return len(kept)


def divide(number):
    return 1 / number


@app.get("/boom")
async def boom():
    return divide(0)


@app.get("/full")
async def full():
    bytearray(80_000_000)


@app.get("/ways-out", response_class=PlainTextResponse)
def ways_out():
    def importing(name):
        return lambda: __import__(name)

    def connecting():
        import socket

        socket.create_connection(("example.com", 80))

    def fetching():
        import urllib.request

        urllib.request.urlopen("http://example.com/")

    def running():
        import subprocess

        subprocess.run(["ls"])

    said = []
    names = ["js", "pyodide_js", "pyodide.code", "pyodide.ffi", "ctypes", "multiprocessing", "requests"]
    for way in [*map(importing, names), connecting, fetching, running, lambda: os.system("ls"), lambda: os.fork()]:
        try:
            way()
            said.append("it went out")
        except (ImportError, OSError) as error:
            said.append(str(error))
    return "\n".join(said)


@app.get("/exit")
async def leave():
    os._exit(3)

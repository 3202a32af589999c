"""The application of the recordings, with FastAPI. BOOT and LIFE switch it to misbehave."""
import asyncio, os, time
from contextlib import asynccontextmanager
from multiprocessing import parent_process
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from starlette.responses import PlainTextResponse, RedirectResponse, StreamingResponse

B, L = os.environ.get("BOOT", ""), os.environ.get("LIFE", "")
if B.startswith("exit") and parent_process():
    os._exit(int(B[4:]))
if B == "raise":
    raise RuntimeError("database url is missing")


@asynccontextmanager
async def lifespan(app):
    if L == "fail":
        raise RuntimeError("cannot reach database")
    if L.startswith("slow"):
        await asyncio.sleep(int(L[4:]))
    if L == "hang":
        await asyncio.sleep(3600)
    if L.startswith("next") and os.path.exists("next"):
        await asyncio.sleep(int(L[4:]))
    yield
    if L == "hang-stop":
        await asyncio.sleep(3600)


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def root():
    return PlainTextResponse("hello\n")


@app.websocket("/ws")
async def talk(websocket: WebSocket):
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnect:
        pass


@app.get("/release")
async def release():
    return PlainTextResponse(os.path.basename(os.path.dirname(os.path.realpath(__file__))) + "\n")


@app.get("/pid")
async def pid():
    return PlainTextResponse(f"{os.getpid()}\n")


@app.get("/created")
async def created():
    return PlainTextResponse("hello\n", status_code=201)


@app.get("/redirect")
async def redirect():
    return RedirectResponse("/", status_code=307)


@app.get("/slow/{seconds}")
async def slow(seconds: float):
    async def body():
        await asyncio.sleep(seconds)
        yield "hello\n"

    return StreamingResponse(body())


@app.get("/busy/{seconds}")
async def busy(seconds: float):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    return PlainTextResponse("hello\n")


@app.get("/exit/{code}")
async def leave(code: int):
    os._exit(code)

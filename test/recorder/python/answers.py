"""Responses of every kind, errors, and what stands around them."""

import asyncio
import contextvars
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Form, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, StreamingResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials, OAuth2PasswordBearer


@asynccontextmanager
async def lifespan(app):
    app.state.opened = ["database"]
    yield {"pool": 3}


app = FastAPI(lifespan=lifespan)
app.add_middleware(CORSMiddleware, allow_origins=["https://example.org"], allow_methods=["GET"])
app.add_middleware(GZipMiddleware, minimum_size=1000)
seen = []
who = contextvars.ContextVar("who", default="nobody")
basic = HTTPBasic()
bearer = OAuth2PasswordBearer(tokenUrl="token")


class Unlucky(Exception):
    pass


@app.exception_handler(Unlucky)
async def unlucky(request: Request, error: Unlucky):
    return JSONResponse({"unlucky": request.url.path}, status_code=418)


@app.exception_handler(RequestValidationError)
async def short(request: Request, error: RequestValidationError):
    return PlainTextResponse(f"{len(error.errors())} wrong", status_code=400)


@app.middleware("http")
async def around(request: Request, call_next):
    who.set(request.headers.get("x-who", "nobody"))
    response = await call_next(request)
    response.headers["X-Around"] = request.method
    return response


async def connection():
    seen.append("open")
    try:
        yield "connection"
    finally:
        seen.append("closed")


@app.get("/html", response_class=HTMLResponse)
def html():
    return "<h1>hello</h1>"


@app.get("/moved")
def moved():
    return RedirectResponse("/html", status_code=307)


@app.get("/empty", status_code=204)
async def empty():
    return None


@app.get("/teapot")
async def teapot():
    raise HTTPException(status_code=418, detail={"reason": "teapot"}, headers={"X-Tea": "green"})


@app.get("/unlucky/{number}")
async def unlucky_number(number: int):
    raise Unlucky


@app.get("/boom")
async def boom():
    raise RuntimeError("boom")


@app.get("/cookie")
async def cookie(response: Response):
    response.set_cookie("session", "abc", max_age=60, httponly=True)
    response.headers["Cache-Control"] = "no-store"
    response.headers.append("X-Twice", "a")
    response.headers.append("X-Twice", "b")
    return {"set": True}


@app.get("/cookies")
async def cookies(request: Request, response: Response):
    response.set_cookie("first", "1")
    response.headers["x-between"] = "yes"
    response.set_cookie("second", "2", path="/users")
    return request.headers.getlist("x-twice")


@app.get("/stream")
async def stream():
    async def numbers():
        for number in range(3):
            yield f"{number}\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(numbers(), media_type="text/plain")


@app.get("/sync-stream")
def sync_stream():
    return StreamingResponse((f"{number}," for number in range(3)), media_type="text/csv")


@app.get("/depends")
async def depends(one: Annotated[str, Depends(connection)], request: Request):
    return {"one": one, "seen": list(seen), "pool": request.state.pool, "opened": request.app.state.opened}


@app.get("/later")
async def later(tasks: BackgroundTasks):
    tasks.add_task(seen.append, "task")
    return len(seen)


@app.get("/seen")
async def what_was_seen():
    return seen


@app.get("/who")
def who_asks():
    return who.get()


@app.post("/form")
async def form(name: Annotated[str, Form()], age: Annotated[int, Form()] = 0):
    return {"name": name, "age": age}


@app.get("/basic")
async def with_password(given: Annotated[HTTPBasicCredentials, Depends(basic)]):
    return given.username


@app.get("/bearer")
async def with_token(token: Annotated[str, Depends(bearer)]):
    return token


@app.get("/gather")
async def gather():
    async def one(number):
        await asyncio.sleep(0.02 / number)
        return number

    return await asyncio.gather(*(one(number) for number in (1, 2, 3)))


@app.get("/timeout")
async def timeout():
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(1)
    except TimeoutError:
        return "too late"


@app.get("/group")
async def group():
    async with asyncio.TaskGroup() as tasks:
        both = [tasks.create_task(asyncio.sleep(0.01, number)) for number in (1, 2)]
    return [each.result() for each in both]


@app.get("/big")
def big():
    return "x" * 2000


inner = APIRouter(prefix="/users", tags=["users"], dependencies=[Depends(connection)])


@inner.get("/{name}")
def user(name: str):
    return {"name": name}


@inner.api_route("/{name}", methods=["DELETE", "PATCH"])
def change(name: str, request: Request):
    return {request.method: name}


app.include_router(inner, prefix="/v1")

mounted = FastAPI()


@mounted.get("/")
async def root(request: Request):
    return {"root_path": request.scope["root_path"], "url": str(request.url.path)}


app.mount("/mounted", mounted)

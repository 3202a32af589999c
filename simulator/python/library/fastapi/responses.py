import asyncio
import contextlib
import http.cookies
import json

from . import subset
from .headers import Headers
from .concurrency import run_in_threadpool


class Response:
    media_type = None

    def __init__(self, content=None, status_code=200, headers=None, media_type=None, background=None):
        self.status_code = status_code
        self.background = background
        if media_type is not None:
            self.media_type = media_type
        self.body = self.render(content)
        self.headers = Headers((headers or {}).items())
        if self.body is not None:
            self.headers.setdefault("content-length", str(len(self.body)))
        if self.media_type:
            charset = "; charset=utf-8" if self.media_type.startswith("text/") else ""
            self.headers.setdefault("content-type", self.media_type + charset)

    def set_cookie(self, key, value="", max_age=None, path="/", domain=None, secure=False, httponly=False, samesite="lax"):
        cookie = http.cookies.SimpleCookie({key: value})
        options = {"max-age": max_age, "path": path, "domain": domain, "secure": secure, "httponly": httponly, "samesite": samesite}
        cookie[key].update({name: option for name, option in options.items() if option not in (None, False)})
        self.headers.append("set-cookie", cookie.output(header="").strip())

    def render(self, content):
        if content is None:
            return b""
        return content if isinstance(content, bytes) else content.encode()

    async def start(self, send):
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})

    async def __call__(self, scope, receive, send):
        await self.start(send)
        await send({"type": "http.response.body", "body": self.body})
        if self.background is not None:
            await self.background()


class PlainTextResponse(Response):
    media_type = "text/plain"


class HTMLResponse(Response):
    media_type = "text/html"


class JSONResponse(Response):
    media_type = "application/json"

    def render(self, content):
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


class RedirectResponse(Response):
    def __init__(self, url, status_code=307, headers=None, background=None):
        super().__init__(b"", status_code, {**(headers or {}), "location": str(url)}, None, background)


class StreamingResponse(Response):
    def __init__(self, content, status_code=200, headers=None, media_type=None, background=None):
        super().__init__(None, status_code, headers, media_type, background)
        self._content = content

    def render(self, content):
        return None

    async def __call__(self, scope, receive, send):
        stream = asyncio.ensure_future(self._stream(send))
        gone = asyncio.ensure_future(_hears_the_end(receive))
        await asyncio.wait({stream, gone}, return_when=asyncio.FIRST_COMPLETED)
        for task in (stream, gone):
            if not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        if not stream.cancelled():
            stream.result()
        if self.background is not None:
            await self.background()

    async def _stream(self, send):
        await self.start(send)
        async for chunk in _chunks(self._content):
            body = chunk if isinstance(chunk, bytes) else chunk.encode()
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _hears_the_end(receive):
    while (await receive())["type"] != "http.disconnect":
        pass


async def _chunks(content):
    if hasattr(content, "__aiter__"):
        async for chunk in content:
            yield chunk
        return
    iterator, end = iter(content), object()
    while (chunk := await run_in_threadpool(next, iterator, end)) is not end:
        yield chunk


def __getattr__(name):
    subset.missing_name("fastapi.responses", name)

"""The server's side of ASGI: the scopes and messages between the page's server and an application."""

import asyncio
from urllib.parse import unquote

from .acts import Exited, act
from .errors import raised

_PLAIN = {"name": "RuntimeError", "frames": []}


class Lifespan:
    """The application's startup and shutdown."""

    def __init__(self):
        self.state = {}
        self._inbox = asyncio.Queue()
        self._phase = "startup"
        self._answered = False

    def tell(self, phase):
        self._phase, self._answered = phase, False
        self._inbox.put_nowait({"type": f"lifespan.{phase}"})

    async def run(self, app):
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        try:
            await app(scope, self._inbox.get, self._send)
        except Exited:
            raise
        except BaseException as error:
            if self._answered:
                return
            # `--lifespan auto`: an application that does not support it is served without it.
            if self._phase == "startup":
                act("started", supported=False)
            else:
                act("shutdown-failed", raised=raised(error))
        else:
            if not self._answered:
                act("started", supported=False) if self._phase == "startup" else act("stopped")

    async def _send(self, message):
        self._answered = True
        kind = message["type"]
        if kind == "lifespan.startup.complete":
            act("started", supported=True)
        elif kind == "lifespan.shutdown.complete":
            act("stopped")
        else:
            phase = "startup" if kind == "lifespan.startup.failed" else "shutdown"
            told = message.get("raised") or {"name": "", "message": message.get("message", ""), "frames": []}
            act(f"{phase}-failed", raised=told)


class Conversation:
    """One request and its response."""

    def __init__(self, request, state):
        self.id = request["id"]
        self.gone = asyncio.Event()
        self._body = (request.get("body") or "").encode()
        self._given = self._ended = False
        self._head = None
        self._begun = False
        path, _, query = request["target"].partition("?")
        self.scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request["method"],
            "scheme": request.get("scheme", "http"),
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in request["headers"]],
            "client": (request.get("client", "127.0.0.1"), 50000),
            "server": ("127.0.0.1", 8000),
            "state": dict(state),
        }

    async def run(self, app):
        try:
            await app(self.scope, self._receive, self._send)
        except (Exited, SystemExit):
            raise
        except BaseException as error:
            # A response that has begun cannot become a 500 any more.
            self._say_head()
            act("request-raised", id=self.id, raised=raised(error))
        else:
            if not self._begun:
                message = "ASGI callable returned without starting response."
                act("request-raised", id=self.id, raised={**_PLAIN, "message": message})

    async def _receive(self):
        if not self._given:
            self._given = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        kind = message["type"]
        if self.gone.is_set() and not self._ended:
            return
        if kind == "http.response.start":
            if self._begun:
                raise RuntimeError(f"Expected ASGI message 'http.response.body', but got '{kind}'.")
            self._begun = True
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", ())]
            self._head = {"id": self.id, "status": message["status"], "headers": headers}
            return
        if not self._begun:
            raise RuntimeError(f"Expected ASGI message 'http.response.start', but got '{kind}'.")
        if self._ended:
            raise RuntimeError(f"Unexpected ASGI message '{kind}' sent, after response already completed.")
        self._say_head()
        body = bytes(message.get("body", b""))
        if body:
            act("body", id=self.id, text=body.decode("utf-8", "replace"))
        if not message.get("more_body", False):
            self._ended = True
            self.gone.set()
            act("end", id=self.id)

    def _say_head(self):
        if self._head is not None:
            act("head", **self._head)
            self._head = None

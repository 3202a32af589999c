import json
import types
from urllib.parse import parse_qsl

from . import subset
from .headers import Headers


class Request:
    def __init__(self, scope, receive):
        self.scope = scope
        self._receive = receive
        self._body = None
        self._gone = False
        self.method = scope["method"]
        self.headers = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        self.query_params = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        self.path_params = scope.get("path_params", {})
        self.client = types.SimpleNamespace(host=scope["client"][0], port=scope["client"][1])
        self.app = scope.get("app")
        self.state = types.SimpleNamespace(**scope.get("state", {}))

    @property
    def url(self):
        query = self.scope["query_string"].decode()
        host = self.headers.get("host", "127.0.0.1")
        whole = f"{self.scope['scheme']}://{host}{self.scope['path']}" + (f"?{query}" if query else "")
        return _Address(whole, self.scope["scheme"], self.scope["path"], query)

    async def body(self):
        if self._body is None:
            self._body = (await self._receive()).get("body", b"")
        return self._body

    async def json(self):
        return json.loads(await self.body())

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise subset.lacking(f"Request.{name}")


class _Address(str):
    def __new__(cls, whole, scheme, path, query):
        made = super().__new__(cls, whole)
        made.scheme, made.path, made.query = scheme, path, query
        return made


def __getattr__(name):
    subset.missing_name("fastapi.requests", name)

import contextlib
import inspect
import types

from server_workers.errors import text_of
from server_workers.refusals import sentence

from . import subset
from .background import BackgroundTasks
from .concurrency import run_in_threadpool
from .exceptions import HTTPException, Invalid
from .requests import Request
from .responses import JSONResponse, Response
from .routing import APIRouter

_DOCUMENTATION = ("/docs", "/redoc", "/openapi.json")


class FastAPI(APIRouter):
    def __init__(self, *, lifespan=None, **options):
        subset.check_options("FastAPI", options)
        super().__init__()
        self.state = types.SimpleNamespace()
        self._lifespan = lifespan
        self._events = {"startup": [], "shutdown": []}

    def on_event(self, event_type):
        def declare(function):
            self._events[event_type].append(function)
            return function

        return declare

    async def __call__(self, scope, receive, send):
        scope["app"] = self
        if scope["type"] == "lifespan":
            return await self._live(scope, receive, send)
        if scope["type"] != "http":
            raise subset.lacking(scope["type"])
        try:
            response = await self._answer(scope, receive)
        except HTTPException as error:
            response = JSONResponse({"detail": error.detail}, error.status_code, error.headers)
        except Invalid as error:
            response = JSONResponse({"detail": [error.error]}, 422)
        await response(scope, receive, send)

    async def _live(self, scope, receive, send):
        await receive()
        phase = "startup"
        try:
            async with contextlib.AsyncExitStack() as stack:
                if self._lifespan is not None:
                    scope["state"].update(await stack.enter_async_context(self._lifespan(self)) or {})
                await self._call_events("startup")
                await send({"type": "lifespan.startup.complete"})
                await receive()
                phase = "shutdown"
                await self._call_events("shutdown")
        except Exception as error:
            await send({"type": f"lifespan.{phase}.failed", "message": text_of(error)})
            raise
        await send({"type": "lifespan.shutdown.complete"})

    async def _call_events(self, kind):
        for function in self._events[kind]:
            made = function()
            if inspect.isawaitable(made):
                await made

    async def _answer(self, scope, receive):
        other_method = False
        for route in self.routes:
            found = route.pattern.fullmatch(scope["path"])
            if found is None:
                continue
            if scope["method"] in route.methods:
                scope["path_params"] = found.groupdict()
                return await self._call(route, Request(scope, receive))
            other_method = True
        if scope["path"] in _DOCUMENTATION and not other_method:
            raise HTTPException(501, sentence("subset", name=scope["path"]))
        raise HTTPException(405 if other_method else 404)

    async def _call(self, route, request):
        background = BackgroundTasks()
        async with contextlib.AsyncExitStack() as stack:
            values = await route.plan.values(request, background, stack, {})
            if route.is_async:
                result = await route.endpoint(**values)
            else:
                result = await run_in_threadpool(route.endpoint, **values)
            response = result if isinstance(result, Response) else route.response_class(result, route.status_code)
            if background.tasks and response.background is None:
                response.background = background
        return response

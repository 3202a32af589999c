import inspect
import re

from . import subset
from .parameters import Plan
from .responses import JSONResponse


class Route:
    def __init__(self, path, methods, endpoint, status_code, response_class):
        self.path, self.methods, self.endpoint = path, methods, endpoint
        self.status_code, self.response_class = status_code, response_class
        self.is_async = inspect.iscoroutinefunction(endpoint)
        names = re.findall(r"\{(\w+)", path)
        self.plan = Plan(endpoint, names)
        pattern = re.sub(r"\\\{(\w+)(:path)?\\\}", lambda part: f"(?P<{part[1]}>{'.*' if part[2] else '[^/]+'})", re.escape(path))
        self.pattern = re.compile(pattern)


class APIRouter:
    def __init__(self, *, prefix="", **options):
        subset.check_options("APIRouter", options)
        self.prefix = prefix
        self.routes = []

    def api_route(self, path, *, methods=("GET",), status_code=200, response_class=JSONResponse, **options):
        subset.check_options("api_route", options)

        def declare(endpoint):
            self.routes.append(Route(self.prefix + path, set(methods), endpoint, status_code, response_class))
            return endpoint

        return declare

    def include_router(self, router, *, prefix="", **options):
        subset.check_options("include_router", options)
        for route in router.routes:
            made = Route(prefix + route.path, route.methods, route.endpoint, route.status_code, route.response_class)
            self.routes.append(made)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise subset.lacking(f"{type(self).__name__}.{name}")


def _method(name):
    def declare(self, path, **options):
        return self.api_route(path, methods=(name.upper(),), **options)

    declare.__name__ = name
    return declare


for _name in ("get", "post", "put", "delete", "patch", "head", "options"):
    setattr(APIRouter, _name, _method(_name))


def __getattr__(name):
    subset.missing_name("fastapi.routing", name)

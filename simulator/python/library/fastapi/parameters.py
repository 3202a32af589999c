"""The parameters in an endpoint's signature, and where their values come from."""

import contextlib
import inspect
import json
import types
import typing

from . import subset
from .background import BackgroundTasks
from .concurrency import call
from .exceptions import Invalid
from .requests import Request

_MISSING = inspect.Parameter.empty
_WORDS = {
    int: ("int_parsing", "Input should be a valid integer, unable to parse string as an integer"),
    float: ("float_parsing", "Input should be a valid number, unable to parse string as a number"),
    bool: ("bool_parsing", "Input should be a valid boolean, unable to interpret input"),
}
_TRUTHS = {**dict.fromkeys(("1", "true", "on", "yes", "t", "y"), True), **dict.fromkeys(("0", "false", "off", "no", "f", "n"), False)}


class _Source:
    def __init__(self, default=_MISSING, **options):
        self.default = _MISSING if default is ... else default
        subset.check_options(type(self).__name__, options)


class Query(_Source):
    pass


class Path(_Source):
    pass


class Header(_Source):
    pass


class Body(_Source):
    pass


class Depends:
    def __init__(self, dependency=None, *, use_cache=True):
        self.dependency = dependency
        self.use_cache = use_cache


class Plan:
    """How the parameters of a function are filled. Made when the function is declared, so that unsupported parameters raise there."""

    def __init__(self, function, path_names=()):
        self.function = function
        self.parameters = [
            self._read(each, path_names) for each in inspect.signature(function, eval_str=True).parameters.values()
        ]

    def _read(self, parameter, path_names):
        kind, default, name = parameter.annotation, parameter.default, parameter.name
        source = default if isinstance(default, (_Source, Depends)) else None
        if typing.get_origin(kind) is typing.Annotated:
            kind, *extra = typing.get_args(kind)
            source = next((each for each in extra if isinstance(each, (_Source, Depends))), source)
        if isinstance(source, Depends):
            return name, "depends", Plan(source.dependency or kind), source.use_cache
        if kind in (Request, BackgroundTasks):
            return name, "request" if kind is Request else "background", None, None
        if default is source:
            default = getattr(source, "default", _MISSING)
        elif default is _MISSING and source is not None:
            default = source.default
        if isinstance(source, Body) or kind is dict or typing.get_origin(kind) is dict:
            return name, "body", kind, default
        _check(kind, name)
        where = "path" if name in path_names else "header" if isinstance(source, Header) else "query"
        return name, where, kind, default

    async def values(self, request, background, stack, seen):
        return {name: await self._value(name, where, kind, default, request, background, stack, seen)
                for name, where, kind, default in self.parameters}  # fmt: skip

    async def _value(self, name, where, kind, default, request, background, stack, seen):
        if where == "request":
            return request
        if where == "background":
            return background
        if where == "depends":
            return await _depend(kind, default, request, background, stack, seen)
        if where == "body":
            return await _body(name, request, default)
        given = {"path": request.path_params, "query": request.query_params, "header": request.headers}[where]
        key = name.replace("_", "-") if where == "header" else name
        if key in given:
            return _convert(given[key], kind, where, key)
        if default is _MISSING:
            raise Invalid("missing", [where, key], "Field required", None)
        return default


async def _depend(plan, use_cache, request, background, stack, seen):
    function = plan.function
    if use_cache and function in seen:
        return seen[function]
    values = await plan.values(request, background, stack, seen)
    if inspect.isasyncgenfunction(function):
        seen[function] = await stack.enter_async_context(contextlib.asynccontextmanager(function)(**values))
    elif inspect.isgeneratorfunction(function):
        seen[function] = stack.enter_context(contextlib.contextmanager(function)(**values))
    else:
        seen[function] = await call(function, **values)
    return seen[function]


async def _body(name, request, default):
    text = await request.body()
    if not text and default is not _MISSING:
        return default
    try:
        return json.loads(text)
    except ValueError as error:
        raise Invalid("json_invalid", ["body", getattr(error, "pos", 0)], "JSON decode error", {}) from None


def _alternatives(kind):
    return typing.get_args(kind) if typing.get_origin(kind) in (typing.Union, types.UnionType) else (kind,)


def _check(kind, name):
    for each in _alternatives(kind):
        if each not in (_MISSING, str, int, float, bool, typing.Any, type(None)):
            raise subset.lacking(f"{name}: {getattr(each, '__name__', each)}")


def _convert(text, kind, where, name):
    kind = next((each for each in _alternatives(kind) if each is not type(None)), str)
    if kind not in _WORDS:
        return text
    try:
        return _TRUTHS[text.lower()] if kind is bool else kind(text)
    except (ValueError, KeyError):
        raise Invalid(_WORDS[kind][0], [where, name], _WORDS[kind][1], text) from None

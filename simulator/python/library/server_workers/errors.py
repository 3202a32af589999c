"""Exceptions as Python prints them, without frames of the page's own modules."""

import traceback

from .refusals import sentence

_OURS = (
    "/server-workers/",
    "<frozen importlib",
    "/lib/python314.zip/asyncio/",
    "/lib/python314.zip/_pyodide/",
    # FastAPI's own frames, of which a server prints dozens: as with the subset, only the application's are kept.
    "/lib/python3.14/site-packages/",
)


def raised(error):
    """The exception as the page gets it."""
    return _told(_pruned(traceback.TracebackException.from_exception(error)), error)


def text_of(error):
    return "".join(_pruned(traceback.TracebackException.from_exception(error)).format())


def _pruned(told):
    told.stack[:] = [frame for frame in told.stack if not frame.filename.startswith(_OURS)]
    for other in (told.__cause__, told.__context__, *(told.exceptions or ())):
        if other is not None:
            _pruned(other)
    return told


def _told(told, error):
    frames = [_unindented(frame) for frame in told.stack.format()]
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
    message = _message(error)
    if isinstance(error, SyntaxError) and error.lineno is not None:
        # A syntax error's location and source line are printed above the last line.
        *place, last = told.format_exception_only()
        frames.append(_unindented("".join(place)))
        message = last.rstrip("\n").removeprefix(f"{name}: ")
    before = error.__cause__ if error.__cause__ is not None else None if error.__suppress_context__ else error.__context__
    context = told.__cause__ if error.__cause__ is not None else told.__context__
    if before is None or context is None:
        return {"name": name, "message": message, "frames": frames}
    link = "during" if error.__cause__ is None else "cause"
    return {"name": name, "message": message, "frames": frames, link: _told(context, before)}


def _message(error):
    text = str(error)
    if isinstance(error, MemoryError) and not text:
        return sentence("heap")
    return "\n".join([text, *getattr(error, "__notes__", ())])


def _unindented(block):
    return "\n".join(line.removeprefix("  ") for line in block.rstrip("\n").split("\n"))

"""Exceptions as Python prints them, without frames of the page's own modules."""

import errno
import re
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


# The interpreter has WebAssembly's numbers; what is printed has Linux's.
_LINUX = {
    "EPERM": 1, "ENOENT": 2, "EIO": 5, "EBADF": 9, "EAGAIN": 11, "ENOMEM": 12, "EACCES": 13, "EBUSY": 16, "EEXIST": 17, "EXDEV": 18,
    "ENOTDIR": 20, "EISDIR": 21, "EINVAL": 22, "EMFILE": 24, "EFBIG": 27, "ENOSPC": 28, "EROFS": 30, "EPIPE": 32, "ENOTEMPTY": 39, "ELOOP": 40,
}  # fmt: skip


def _as_on_linux(text):
    return re.sub(r"^\[Errno (\d+)\]", lambda found: f"[Errno {_LINUX.get(errno.errorcode.get(int(found[1])), found[1])}]", text)


def raised(error):
    """The exception as the page gets it."""
    return _told(_pruned(traceback.TracebackException.from_exception(error)), error)


def text_of(error):
    return "".join(_pruned(traceback.TracebackException.from_exception(error)).format())


def _pruned(told):
    if issubclass(told.exc_type, OSError):
        told._str = _as_on_linux(told._str)
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
    text = _as_on_linux(str(error)) if isinstance(error, OSError) else str(error)
    if isinstance(error, MemoryError) and not text:
        return sentence("heap")
    return "\n".join([text, *getattr(error, "__notes__", ())])


def _unindented(block):
    return "\n".join(line.removeprefix("  ") for line in block.rstrip("\n").split("\n"))

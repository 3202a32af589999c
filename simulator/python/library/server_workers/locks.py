"""Locks on files that all workers share. The machine gives them; who has to wait rests, and asks again."""

import errno
import fcntl

from .acts import act
from .clock import clock
from .refusals import sentence
from .stacks import SLACK_MS, can_switch, page, wait

_DELAYS_MS = (1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100)  # SQLite's own.
_owners = {}  # By path: who in this process holds the lock, and how.
_given = set()  # What the machine has given to this process, as of this turn.


def begin_turn(paths):
    _given.clear()
    _given.update(paths)


def acquire(path, owner, mode="exclusive", patience_ms=None):
    """Whether the lock was had within so many ms; without a patience it waits for ever."""
    if not can_switch():
        raise OSError(sentence("locks"))
    end = None if patience_ms is None else clock.now() + patience_ms
    for number in range(1_000_000):
        if _take(path, owner, mode):
            return True
        delay = _DELAYS_MS[min(number, len(_DELAYS_MS) - 1)]
        if end is not None and clock.now() + delay > end:
            return False
        wait(delay)


def _take(path, owner, mode):
    others = {each: how for each, how in _owners.get(path, {}).items() if each != owner}
    if others and (mode != "shared" or "exclusive" in others.values()):
        return False
    before = _owners.get(path, {}).get(owner)
    _owners.setdefault(path, {})[owner] = mode
    if others:
        return True
    act("lock", path=path, mode=mode)
    wait(SLACK_MS)
    if path in _given and (before is None or before == mode or mode == "shared"):
        return True
    if before is None:
        _forget(path, owner)
    return path in _given


def release(path, owner):
    if owner in _owners.get(path, {}):
        _forget(path, owner)
        if path not in _owners:
            act("lock", path=path, mode="none")
            _given.discard(path)


def _forget(path, owner):
    del _owners[path][owner]
    if not _owners[path]:
        del _owners[path]


def end_turn():
    """A lock ends when its file is closed."""
    for path, owners in [*_owners.items()]:
        for owner in [*owners]:
            if isinstance(owner, int) and page["disk"].path_of(owner) != path:
                release(path, owner)


def _flock(file, operation, of_process=False):
    descriptor = file if isinstance(file, int) else file.fileno()
    path = page["disk"].path_of(descriptor)
    owner = "process" if of_process else descriptor
    if operation & fcntl.LOCK_UN:
        return release(path, owner)
    mode = "shared" if operation & fcntl.LOCK_SH else "exclusive"
    if not acquire(path, owner, mode, 0 if operation & fcntl.LOCK_NB else None):
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")


def replace_locks():
    fcntl.flock = lambda fd, operation, /: _flock(fd, operation)
    fcntl.lockf = lambda fd, cmd, len=0, start=0, whence=0, /: _flock(fd, cmd, of_process=True)

"""The actions of a turn, in order, as the page gets them."""

from .clock import clock

acts = []
state = {"ended": False}


class Exited(BaseException):
    """Unwinds the code of a process that has ended."""


def act(kind, **more):
    if not state["ended"]:
        acts.append({"type": kind, "after": clock.used, **more})


def leave(code):
    """Ends the process here, without cleanup."""
    act("exit", code=int(code) & 255)
    state["ended"] = True
    raise Exited


def take():
    """Returns the actions since the last call."""
    done = acts[:]
    acts.clear()
    return done

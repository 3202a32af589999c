"""What a turn comes to: the acts that the page takes, in their order."""

from .clock import clock

acts = []
state = {"ended": False}


class Exited(BaseException):
    """Unwinds the code of a process that has ended."""


def act(kind, **more):
    if not state["ended"]:
        acts.append({"type": kind, "after": clock.used, **more})


def leave(code):
    """The process ends here, with nothing cleaned up."""
    act("exit", code=int(code) & 255)
    state["ended"] = True
    raise Exited


def take():
    """What was done since the last time."""
    done = acts[:]
    acts.clear()
    return done

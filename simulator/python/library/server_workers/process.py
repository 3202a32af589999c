"""One process. The page calls `begin` once, then for each turn `open_turn`, `feed` and, when all stacks wait, `collect`."""

import asyncio
import json
import linecache
import os
import random
import sys
import types

from . import acts, locks, stacks
from .acts import Exited, act
from .asgi import Conversation, Lifespan
from .clock import clock, replace_clocks
from .errors import raised
from .loop import Loop
from .output import replace_output
from .refusals import close_the_world
from .steps import count_steps
from .threads import replace_threads


class _Process:
    spec: dict
    path: str
    app = None
    loop: Loop
    lifespan: Lifespan


_process = _Process()
_requests = {}
_tasks = set()


def begin(spec, page_stacks, page_disk):
    """Sets up all that the application finds when it starts. `page_stacks`: None where stacks cannot be switched."""
    spec = _process.spec = json.loads(spec)
    stacks.page.update(stacks=page_stacks, disk=page_disk)
    replace_clocks(stacks.wait)
    replace_output()
    replace_threads()
    locks.replace_locks()
    os.getpid = lambda: spec["pid"]
    os.getppid = lambda: spec["ppid"]
    os._exit = acts.leave
    os.environ.clear()
    os.environ.update(spec["env"])
    sys.argv[:] = spec["argv"]
    random.seed(int(spec["chance"] * 2**53))
    _process.loop = Loop()
    asyncio.set_event_loop(_process.loop)
    os.makedirs(spec["cwd"], exist_ok=True)
    os.chdir(spec["cwd"])
    path = _process.path = os.path.join(spec["cwd"], spec["file"])
    with open(path, "w") as file:
        file.write(spec["source"])
    sys.path.insert(0, spec["cwd"])
    linecache.cache[path] = (len(spec["source"]), None, spec["source"].splitlines(True), path)
    close_the_world(spec["words"])


def open_turn(now, epoch, held):
    clock.begin(now, epoch)
    locks.begin_turn(json.loads(held))


def feed(kind, given):
    """Gives the code one event and runs it until it is idle. Suspends where the application's main thread waits."""
    stacks.begin_main()
    try:
        _take(kind, given)
        _process.loop.rest()
    except Exited:
        pass
    except SystemExit as error:
        _leave_quietly(error)
    except BaseException as error:
        act("crashed", raised=raised(error))
        acts.state["ended"] = True


def has_ready():
    return _process.loop.has_ready() and not acts.state["ended"]


def collect():
    """The result of the turn, as JSON."""
    locks.end_turn()
    turn = {"acts": acts.take(), "cpu": clock.used, "ended": acts.state["ended"]}
    wake = None if acts.state["ended"] else _process.loop.earliest()
    if wake is not None:
        turn["wakeAt"] = wake
    return json.dumps(turn)


def _take(kind, given):
    if kind == "import":
        _import()
    elif kind == "startup":
        _process.lifespan = Lifespan()
        _process.lifespan.tell("startup")
        _run(_process.lifespan.run(_process.app))
    elif kind == "shutdown":
        _process.lifespan.tell("shutdown")
    elif kind == "request":
        conversation = Conversation(json.loads(given), _process.lifespan.state)
        _requests[conversation.id] = conversation
        task = _run(conversation.run(_process.app))
        task.add_done_callback(lambda _: _requests.pop(conversation.id, None))
    elif kind == "client-gone" and given in _requests:
        _requests[given].gone.set()


def _run(coroutine):
    task = _process.loop.create_task(coroutine)
    # A task without a reference may be garbage-collected while it waits.
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return task


def _import():
    target = _process.spec["target"]
    module = types.ModuleType(target["module"])
    module.__file__ = _process.path
    sys.modules[target["module"]] = module
    try:
        code = compile(_process.spec["source"], _process.path, "exec", dont_inherit=True)
        count_steps(code)
        exec(code, module.__dict__)
    except (Exited, SystemExit):
        raise
    except BaseException as error:
        return act("import-failed", error={"kind": "raised", "raised": raised(error)})
    found = module
    for part in target["attribute"].split("."):
        if not hasattr(found, part):
            missing = {"kind": "no-attribute", "module": target["module"], "attribute": target["attribute"]}
            return act("import-failed", error=missing)
        found = getattr(found, part)
    _process.app = found
    act("imported")


def _leave_quietly(error):
    code = error.code
    if code is not None and not isinstance(code, int):
        sys.stderr.write(f"{code}\n")
        code = 1
    act("exit", code=(code or 0) & 255)
    acts.state["ended"] = True

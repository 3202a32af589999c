"""The processor time of an application's own code, counted in steps, so that it is the same on every computer."""

import sys
import types

from .clock import clock
from .stacks import look_around

_TOOL = 3
_STEP_US = 1  # The cost of a loop's jump back or of a call.
_SLICE_US = 10_000  # After this much, the machine can handle other events.
_since = 0


def _step(*_):
    global _since
    clock.compute(_STEP_US)
    _since += _STEP_US
    if _since >= _SLICE_US:
        _since = 0
        look_around()


def count_steps(code):
    """Counts the steps of this code only."""
    monitoring = sys.monitoring
    events = monitoring.events.JUMP | monitoring.events.PY_START
    if monitoring.get_tool(_TOOL) is None:
        monitoring.use_tool_id(_TOOL, "steps")
        monitoring.register_callback(_TOOL, monitoring.events.JUMP, _step)
        monitoring.register_callback(_TOOL, monitoring.events.PY_START, _step)
    monitoring.set_local_events(_TOOL, code, events)
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            count_steps(part)

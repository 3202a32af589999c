from . import subset
from .concurrency import call


class BackgroundTasks:
    def __init__(self):
        self.tasks = []

    def add_task(self, func, *args, **kwargs):
        self.tasks.append((func, args, kwargs))

    async def __call__(self):
        for func, args, kwargs in self.tasks:
            await call(func, *args, **kwargs)


def __getattr__(name):
    subset.missing_name("fastapi.background", name)

# Who listens on /events hears what others say on /say?text=…: if both are with the same worker.
import asyncio
import os

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()
listeners = set()


@app.get("/events")
async def events():
    queue = asyncio.Queue()

    async def heard():
        listeners.add(queue)
        try:
            yield f"with {os.getpid()}\n"
            while True:
                yield await queue.get() + "\n"
        finally:
            listeners.discard(queue)

    return StreamingResponse(heard(), media_type="text/plain")


@app.get("/say")
async def say(text: str = "hello"):
    for queue in listeners:
        queue.put_nowait(text)
    return {"heard": len(listeners), "pid": os.getpid()}

"""The application of the recordings, in plain ASGI. BOOT and LIFE switch it to misbehave."""
import asyncio, os, time

B, L = os.environ.get("BOOT", ""), os.environ.get("LIFE", "")
if B.startswith("exit"):
    os._exit(int(B[4:]))
if B == "raise":
    raise RuntimeError("database url is missing")
if B == "thread":
    import threading

    def beat():
        while True:
            print(f"beat in {os.getpid()}", flush=True)
            time.sleep(60)

    threading.Thread(target=beat, daemon=True).start()

RELEASE = os.environ.get("RELEASE", "") or os.path.basename(os.path.dirname(os.path.realpath(__file__)))


async def lifespan(receive, send):
    await receive()
    if L == "fail":
        await send({"type": "lifespan.startup.failed", "message": "cannot reach database"})
        return
    if L.startswith("slow"):
        await asyncio.sleep(int(L[4:]))
    if L == "hang" or (L == "hang-next" and os.path.exists("next")):
        await asyncio.sleep(3600)
    if L.startswith("next") and os.path.exists("next"):
        await asyncio.sleep(int(L[4:]))
    await send({"type": "lifespan.startup.complete"})
    await receive()
    if L == "hang-stop":
        await asyncio.sleep(3600)
    await send({"type": "lifespan.shutdown.complete"})


async def websocket(receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        await send({"type": "websocket.send", "text": event.get("text") or ""})


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        if L == "unsupported":
            raise ValueError("lifespan is not for me")
        return await lifespan(receive, send)
    if scope["type"] == "websocket":
        return await websocket(receive, send)
    kind, _, rest = scope["path"].strip("/").partition("/")
    if kind == "boom":
        raise ValueError("boom")
    if kind == "exit":
        os._exit(int(rest))
    status = {"missing": 404, "created": 201, "redirect": 307}.get(kind, 200)
    texts = {"missing": "not found\n", "created": "created\n", "redirect": "", "release": f"{RELEASE}\n"}
    text = texts.get(kind, "hello\n")
    if kind == "busy":
        end = time.monotonic() + float(rest)
        while time.monotonic() < end:
            pass
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(text)).encode())]
    if status == 307:
        headers.append((b"location", b"/"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    if kind == "slow":
        # gunicorn's own worker keeps the head back until there is a first piece of the body.
        await send({"type": "http.response.body", "body": text[:1].encode(), "more_body": True})
        text = text[1:]
        await asyncio.sleep(float(rest))
    await send({"type": "http.response.body", "body": text.encode()})

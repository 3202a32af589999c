"""A plain ASGI application: no framework at all."""

import json


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    if scope["path"] == "/nothing":
        return
    if scope["path"] == "/twice":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.start", "status": 200, "headers": []})
    told = {
        "method": scope["method"],
        "path": scope["path"],
        "raw_path": scope["raw_path"].decode(),
        "query": scope["query_string"].decode(),
        "body": body.decode(),
        "version": scope["http_version"],
        "kind": [value.decode() for name, value in scope["headers"] if name == b"x-kind"],
    }
    await send({"type": "http.response.start", "status": 202, "headers": [(b"content-type", b"application/json"), (b"x-a", b"1")]})
    await send({"type": "http.response.body", "body": json.dumps(told).encode()[:10], "more_body": True})
    await send({"type": "http.response.body", "body": json.dumps(told).encode()[10:]})

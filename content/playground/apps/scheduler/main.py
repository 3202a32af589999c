# Starts a job when the module is imported: every worker runs it.
import os
import threading
import time

from fastapi import FastAPI


def send_invoices():
    while True:
        time.sleep(5)
        print(f"invoices sent by {os.getpid()}", flush=True)


threading.Thread(target=send_invoices, daemon=True).start()
app = FastAPI()


@app.get("/")
async def answer():
    return {"pid": os.getpid()}

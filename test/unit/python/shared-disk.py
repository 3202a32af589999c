import fcntl
import os
import sqlite3
import threading
import time

from fastapi import FastAPI

app = FastAPI()
hits = 0
lock = threading.Lock()
guarded = 0
database = sqlite3.connect("hits.db", check_same_thread=False)
database.execute("CREATE TABLE IF NOT EXISTS hits (n INTEGER)")
with database:
    if database.execute("SELECT count(*) FROM hits").fetchone()[0] == 0:
        database.execute("INSERT INTO hits VALUES (0)")


def number(path):
    try:
        with open(path) as file:
            return int(file.read())
    except FileNotFoundError:
        return 0


def write(path, value):
    with open(path + f".{os.getpid()}", "w") as file:
        file.write(str(value))
    os.replace(path + f".{os.getpid()}", path)


@app.get("/memory")
def memory():
    global hits
    hits += 1
    return hits


@app.get("/race")
def race():
    read = number("race.txt")
    time.sleep(0.05)
    write("race.txt", read + 1)
    return read + 1


@app.get("/flock")
def flock():
    with open("counter.lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        read = number("counter.txt")
        time.sleep(0.05)
        write("counter.txt", read + 1)
    return read + 1


@app.get("/append")
async def append():
    with open("requests.log", "a") as file:
        file.write(f"{os.getpid()}\n")
    return "written"


@app.get("/sqlite")
def count():
    with database:
        database.execute("UPDATE hits SET n = n + 1")
        time.sleep(0.05)
    return database.execute("SELECT n FROM hits").fetchone()[0]


@app.get("/patience")
def patience():
    other = sqlite3.connect("hits.db", timeout=0.02)
    database.execute("UPDATE hits SET n = n")
    try:
        other.execute("UPDATE hits SET n = 0")
    except sqlite3.OperationalError as error:
        return str(error)
    finally:
        database.rollback()
        other.close()


@app.get("/thread-lock")
def thread_lock():
    global guarded
    with lock:
        read = guarded
        time.sleep(0.05)
        guarded = read + 1
    return guarded


@app.get("/wal")
def wal():
    try:
        database.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        return str(error)


@app.get("/bytes")
def odd_bytes():
    with open("bytes.bin", "wb") as file:
        file.write(bytes(range(256)))
    return "written"


@app.get("/look")
def look():
    with open("bytes.bin", "rb") as file:
        whole = file.read() == bytes(range(256))
    return [whole, sorted(name for name in os.listdir(".") if not name.startswith("main")), open("note.txt").read()]


@app.get("/removed")
def removed():
    os.remove("note.txt")
    return os.path.exists("note.txt")

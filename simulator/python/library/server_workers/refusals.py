"""What an application cannot have in the page; each refusal is one sentence, raised at the line that asks for it."""

import importlib.machinery
import os
import socket
import subprocess
import sys

_words = {}
# FastAPI itself is available where the page was built with it.
_IS_SUBSET = os.path.exists("/server-workers/fastapi")

# Modules that reach the page, other processes, raw memory or a network, by the key of the message.
_MODULES = {
    "page": ("js", "pyodide_js", "pyodide", "_pyodide", "_pyodide_core", "micropip"),
    "processes": ("multiprocessing", "pty"),
    "memory": ("ctypes", "_ctypes"),
    "network": ("requests", "httpx", "aiohttp", "urllib3", "websockets", "ftplib", "smtplib", "telnetlib", "imaplib", "poplib"),
}
_REFUSED = {name: why for why, names in _MODULES.items() for name in names}


def sentence(key, **values):
    text = _words.get(key, key)
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


class _Finder:
    """Precedes all other module finders."""

    def find_spec(self, name, path=None, target=None):
        why = _REFUSED.get(name.partition(".")[0])
        if why is not None:
            raise ImportError(sentence(why, name=name), name=name)
        if name.startswith("fastapi.") and _IS_SUBSET:
            if not os.path.exists(f"/server-workers/{name.replace('.', '/')}.py"):
                raise ImportError(sentence("subset", name=name), name=name)
        if name == "sqlite3":
            return _shared(importlib.machinery.PathFinder.find_spec(name, path, target))
        return None


def _shared(spec):
    own = spec.loader.exec_module

    def exec_module(module):
        from . import database

        own(module)
        database.share(module)

    spec.loader.exec_module = exec_module
    return spec


def _refusal(why, name):
    def refuse(*args, **more):
        raise OSError(sentence(why, name=name))

    return refuse


def close_the_world(words):
    """From here on access to the outside is removed. Our own code has already imported what it needs of it."""
    _words.update(words)
    sys.meta_path.insert(0, _Finder())
    for name in [*sys.modules]:
        if name.partition(".")[0] in _REFUSED:
            del sys.modules[name]
    for name in ("socket", "create_connection", "create_server", "socketpair", "getaddrinfo", "gethostbyname", "fromfd"):
        if name == "socket":
            socket.socket.__init__ = _refusal("network", "socket.socket")
        elif hasattr(socket, name):
            setattr(socket, name, _refusal("network", f"socket.{name}"))
    subprocess.Popen.__init__ = _refusal("processes", "subprocess.Popen")
    subprocess.Popen.__del__ = lambda self: None
    for name in dir(os):
        if name.startswith(("exec", "spawn", "posix_spawn", "fork", "popen")) or name == "system":
            setattr(os, name, _refusal("processes", f"os.{name}"))
    for name in ("fork", "popen", "system"):
        setattr(os, name, _refusal("processes", f"os.{name}"))

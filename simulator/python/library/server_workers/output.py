"""`print` and the like: whole lines go to the terminal, as Python writes to one."""

import sys

from .acts import act


class Stream:
    encoding = "utf-8"
    errors = "strict"
    newlines = None
    closed = False

    def __init__(self, name):
        self.name = f"<{name}>"
        self._stream = name
        self._line = ""

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        whole, newline, rest = (self._line + text).rpartition("\n")
        self._line = rest
        if newline:
            act("print", stream=self._stream, text=whole + newline)
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        if self._line:
            act("print", stream=self._stream, text=self._line)
            self._line = ""

    def fileno(self):
        return 1 if self._stream == "stdout" else 2

    def isatty(self):
        return True

    def readable(self):
        return False

    def writable(self):
        return True


def replace_output():
    sys.stdout = sys.__stdout__ = Stream("stdout")
    sys.stderr = sys.__stderr__ = Stream("stderr")

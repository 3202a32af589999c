"""`sqlite3` on the disk that all workers share: who changes a database holds its lock until the change is committed."""

import contextlib
import os
import re

from .locks import acquire, release
from .refusals import sentence

_READS = re.compile(r"\s*(select|explain|pragma|values)\b", re.I)
_WAL = re.compile(r"\bpragma\s+(\w+\.)?journal_mode\s*[=(]\s*['\"]?wal", re.I)


def _file_of(database):
    name = os.fsdecode(database)
    if name.startswith("file:"):
        name, _, options = name.removeprefix("file:").partition("?")
        if "mode=memory" in options:
            return None
    return None if name in ("", ":memory:") else os.path.abspath(name)


def share(sqlite3):
    """Replaces the connections and cursors of the module."""

    class Cursor(sqlite3.Cursor):
        def execute(self, sql, *given):
            with self.connection._locked(sql):
                return super().execute(sql, *given)

        def executemany(self, sql, *given):
            with self.connection._locked(sql):
                return super().executemany(sql, *given)

        def executescript(self, sql):
            with self.connection._locked(sql, is_script=True):
                return super().executescript(sql)

    class Connection(sqlite3.Connection):
        _file, _holds = None, False

        def __init__(self, database, timeout=5.0, *given, **more):
            super().__init__(database, timeout, *given, **more)
            self._file, self._patience_ms = _file_of(database), timeout * 1000

        def cursor(self, factory=Cursor):
            return super().cursor(factory)

        def execute(self, sql, *given):
            return self.cursor().execute(sql, *given)

        def executemany(self, sql, *given):
            return self.cursor().executemany(sql, *given)

        def executescript(self, sql):
            return self.cursor().executescript(sql)

        def commit(self):
            super().commit()
            self._settle()

        def rollback(self):
            super().rollback()
            self._settle()

        def close(self):
            super().close()
            self._release()

        def __exit__(self, *raised):
            try:
                return super().__exit__(*raised)
            finally:
                self._settle()

        def __del__(self):
            self._release()

        @contextlib.contextmanager
        def _locked(self, sql, is_script=False):
            if _WAL.search(sql):
                raise sqlite3.OperationalError(sentence("wal"))
            if self._file is not None and not self._holds and (is_script or not _READS.match(sql)):
                if not acquire(self._file, self, patience_ms=self._patience_ms):
                    raise sqlite3.OperationalError("database is locked")
                self._holds = True
            try:
                yield
            finally:
                self._settle()

        def _settle(self):
            if self._holds and not self.in_transaction:
                self._release()

        def _release(self):
            if self._holds:
                self._holds = False
                release(self._file, self)

    def connect(database, *given, factory=Connection, **more):
        return factory(database, *given, **more)

    for module in (sqlite3, sqlite3.dbapi2):
        module.Connection, module.Cursor, module.connect = Connection, Cursor, connect

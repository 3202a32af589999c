from collections.abc import MutableMapping

from . import subset


class Headers(MutableMapping):
    """The fields of a message in their order. A name is the same in any case, and may stand in it twice."""

    def __init__(self, fields=()):
        self._fields = [(name.lower(), value) for name, value in fields]

    def getlist(self, name):
        return [value for each, value in self._fields if each == name.lower()]

    def append(self, name, value):
        self._fields.append((name.lower(), value))

    def items(self):
        return list(self._fields)

    def __getitem__(self, name):
        for value in self.getlist(name):
            return value
        raise KeyError(name)

    def __setitem__(self, name, value):
        place = next((i for i, (each, _) in enumerate(self._fields) if each == name.lower()), len(self._fields))
        before, after = self._fields[:place], self._fields[place:]
        self._fields = [*before, (name.lower(), value), *((each, old) for each, old in after if each != name.lower())]

    def __delitem__(self, name):
        self._fields = [(each, value) for each, value in self._fields if each != name.lower()]

    def __iter__(self):
        return (name for name, _ in self._fields)

    def __len__(self):
        return len(self._fields)


def __getattr__(name):
    subset.missing_name("fastapi.headers", name)

import http

from . import subset


class HTTPException(Exception):
    def __init__(self, status_code, detail=None, headers=None):
        self.status_code = status_code
        self.detail = http.HTTPStatus(status_code).phrase if detail is None else detail
        self.headers = headers
        super().__init__(f"{status_code}: {self.detail}")


class Invalid(Exception):
    """A parameter does not match its annotation: answered with 422."""

    def __init__(self, kind, where, message, given):
        self.error = {"type": kind, "loc": where, "msg": message, "input": given}
        super().__init__(message)


def __getattr__(name):
    subset.missing_name("fastapi.exceptions", name)

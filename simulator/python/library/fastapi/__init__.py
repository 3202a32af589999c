"""A subset of FastAPI's interface, written for this page, not FastAPI: what it lacks raises an error that says so, at its line."""

from . import subset
from .application import FastAPI
from .background import BackgroundTasks
from .exceptions import HTTPException
from .parameters import Body, Depends, Header, Path, Query
from .requests import Request
from .responses import Response
from .routing import APIRouter

__version__ = "subset"
__all__ = ["APIRouter", "BackgroundTasks", "Body", "Depends", "FastAPI", "HTTPException", "Header", "Path", "Query", "Request", "Response", "status"]


class status:
    """`status.HTTP_404_NOT_FOUND` and the like."""


def _name_statuses():
    import http

    for each in http.HTTPStatus:
        setattr(status, f"HTTP_{each.value}_{each.name}", each.value)


_name_statuses()


def __getattr__(name):
    subset.missing_name("fastapi", name)

"""Models and their validation, as the questions of the public ask about them."""

import datetime
import decimal
import enum
import uuid
from typing import Annotated, Literal

from fastapi import Body, Cookie, FastAPI, Header, Path, Query, status
from pydantic import BaseModel, ConfigDict, Field, computed_field, field_validator, model_validator

app = FastAPI(title="Models", version="1.2.3")


class Size(str, enum.Enum):
    small = "small"
    large = "large"


class Maker(BaseModel):
    name: str = Field(min_length=2, max_length=20)
    founded: int | None = Field(default=None, ge=1800)


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str
    price: Annotated[float, Field(gt=0)]
    size: Size = Size.small
    tags: set[str] = set()
    makers: list[Maker] = []
    kind: Literal["tool", "toy"] = "tool"

    @field_validator("name")
    @classmethod
    def no_digits(cls, value):
        if any(letter.isdigit() for letter in value):
            raise ValueError("a name has no digits")
        return value

    @computed_field
    @property
    def gross(self) -> float:
        return round(self.price * 1.2, 2)


class Range(BaseModel):
    low: int
    high: int

    @model_validator(mode="after")
    def in_order(self):
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


class Secret(BaseModel):
    name: str
    password: str


class Shown(BaseModel):
    name: str


@app.post("/items", status_code=status.HTTP_201_CREATED)
async def make(item: Item):
    return item


@app.put("/items/{id}")
def put(id: Annotated[int, Path(ge=1)], item: Annotated[Item, Body(embed=True)], force: bool = False):
    return {"id": id, "force": force, "names": [maker.name for maker in item.makers]}


@app.post("/range")
async def make_range(range: Range) -> Range:
    return range


@app.post("/secret", response_model=Shown)
async def hide(secret: Secret):
    return secret


@app.get("/search")
async def search(
    q: Annotated[str, Query(min_length=3, pattern="^[a-z]+$")],
    size: Size = Size.small,
    tag: Annotated[list[str] | None, Query()] = None,
    page: Annotated[int, Query(ge=1, le=10)] = 1,
):
    return {"q": q, "size": size, "tag": tag, "page": page}


@app.get("/types")
async def types(day: datetime.date, at: datetime.datetime, id: uuid.UUID, amount: decimal.Decimal, wait: datetime.timedelta):
    return {"day": day, "at": at, "id": id, "amount": amount, "wait": wait}


@app.get("/head")
async def head(user_agent: Annotated[str | None, Header()] = None, x_token: Annotated[list[str] | None, Header()] = None):
    return [user_agent, x_token]


@app.get("/crumb")
async def crumb(session: Annotated[str | None, Cookie()] = None):
    return {"session": session}


@app.get("/wrong", response_model=Maker)
async def wrong():
    return {"name": "x"}


@app.get("/files/{path:path}")
async def files(path: str):
    return path

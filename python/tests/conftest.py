from __future__ import annotations

from collections.abc import Iterator

import pytest
from warehouse import TOKEN, Warehouse, serving

from isocenter import Client


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with serving() as one:
        yield one


@pytest.fixture
def client(warehouse: Warehouse) -> Client:
    return Client(warehouse.url, TOKEN)

"""Thrift's compact protocol, as far as the footers and page headers of Parquet need it.

A struct is a dictionary from field number to `(type, value)`; a list is `(type of its elements, values)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
Struct = dict[int, tuple[int, Any]]
_LONG_LIST = 15
_MAPS = "Parquet's metadata has no maps"


def i32(value: int) -> tuple[int, Any]:
    """A field of 32 bits."""
    return I32, value


def i64(value: int) -> tuple[int, Any]:
    """A field of 64 bits."""
    return I64, value


def text(value: str) -> tuple[int, Any]:
    """A field of text."""
    return BINARY, value.encode()


def struct(fields: Struct) -> tuple[int, Any]:
    """A field that is a struct."""
    return STRUCT, fields


def list_of(kind: int, values: list[Any]) -> tuple[int, Any]:
    """A field that is a list of values of one type."""
    return LIST, (kind, values)


def varint(number: int) -> bytes:
    """A number in groups of seven bits, the lowest first."""
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    octets.append(number)
    return bytes(octets)


def written(fields: Struct) -> bytes:
    """A struct as bytes."""
    return b"".join(_fields(fields))


def _fields(fields: Struct) -> Iterator[bytes]:
    last = 0
    for number, (kind, value) in sorted(fields.items()):
        step = number - last
        yield bytes([step << 4 | kind]) if 0 < step <= 15 else bytes([kind]) + _zigzag(number)
        yield _value(kind, value)
        last = number
    yield b"\0"


def _zigzag(number: int) -> bytes:
    return varint(number << 1 if number >= 0 else (-number << 1) - 1)


def _value(kind: int, value: Any) -> bytes:
    if kind in (TRUE, FALSE):
        return b""
    if kind in (I16, I32, I64):
        return _zigzag(value)
    if kind == BINARY:
        return varint(len(value)) + bytes(value)
    if kind == STRUCT:
        return written(value)
    if kind in (LIST, SET):
        of, values = value
        size = len(values)
        head = bytes([size << 4 | of]) if size < _LONG_LIST else bytes([0xF0 | of]) + varint(size)
        return head + b"".join(bytes([item]) if of in (TRUE, FALSE) else _value(of, item) for item in values)
    if kind in (BYTE, DOUBLE):
        return bytes(value)
    raise ValueError(_MAPS)


class Reader:
    """Reads structs from bytes."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0

    def struct(self) -> Struct:
        """The struct that begins here."""
        fields: Struct = {}
        number = 0
        while head := self._taken(1)[0]:
            kind = head & 0x0F
            number = number + (head >> 4) if head >> 4 else self._zigzag()
            fields[number] = (kind, self._value(kind))
        return fields

    def _taken(self, count: int) -> bytes:
        self._at += count
        return self._octets[self._at - count : self._at]

    def _varint(self) -> int:
        number = shift = 0
        while True:
            octet = self._taken(1)[0]
            number |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                return number

    def _zigzag(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)

    def _value(self, kind: int) -> Any:
        if kind in (TRUE, FALSE):
            return kind == TRUE
        if kind in (I16, I32, I64):
            return self._zigzag()
        if kind == BINARY:
            return self._taken(self._varint())
        if kind == STRUCT:
            return self.struct()
        if kind in (LIST, SET):
            return self._list()
        if kind in (BYTE, DOUBLE):
            return self._taken(1 if kind == BYTE else 8)
        raise ValueError(_MAPS)

    def _list(self) -> tuple[int, list[Any]]:
        head = self._taken(1)[0]
        of, size = head & 0x0F, head >> 4
        size = self._varint() if size == _LONG_LIST else size
        return of, [self._taken(1)[0] if of in (TRUE, FALSE) else self._value(of) for _ in range(size)]

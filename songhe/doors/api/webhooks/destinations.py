"""Where messages may go: to public addresses by https; in a demonstration also to this machine.

A name is looked up when a message is sent and the connection is made to the address that was checked: a name that
points elsewhere the next moment leads nowhere else.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

from songhe.doors.api.terms import URL_LENGTH
from songhe.kernel.errors import BadInput
from songhe.kernel.told import phrase

WHERE = "地址"
_PORTS = {"https": 443, "http": 80}
# Addresses that carry an IPv4 address within: what they lead to is not what they look like.
_WRAPPING = tuple(ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"))
_ACCEPTED = phrase("以https开头的公网地址，不带账号和#")
Address = IPv4Address | IPv6Address
Lookup = Callable[..., list[Any]]


class Unreachable(Exception):
    """A destination that nothing is sent to; the argument is the code of why."""


def checked_url(text: str, *, loopback: bool) -> str:
    """The address as it is kept. BadInput for one that could never be sent to; `loopback` allows this machine."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        host, _ = place_of(parts)
    except ValueError:
        raise _wrong() from None
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url and len(url) <= URL_LENGTH
    if not plain or parts.username is not None or parts.password is not None or parts.fragment or "#" in url:
        raise _wrong()
    try:
        address: Address | None = ip_address(host)
    except ValueError:
        address = None
    if parts.scheme == "http" and not (loopback and (host == "localhost" or (address and address.is_loopback))):
        raise _wrong()
    if address is not None and not allowed(address, loopback=loopback):
        raise _wrong()
    return url


def place_of(parts: SplitResult) -> tuple[str, int]:
    """Host and port. ValueError when the address has none that can be."""
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("no place")
    return parts.hostname, parts.port or _PORTS[parts.scheme]


def allowed(address: Address, *, loopback: bool) -> bool:
    """Whether something may be sent to the address."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if loopback and address.is_loopback:
        return True
    if isinstance(address, IPv6Address) and any(address in net for net in _WRAPPING):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def found(host: str, port: int, *, loopback: bool, lookup: Lookup = socket.getaddrinfo) -> str:
    """The address to connect to. Unreachable when there is none, or when any of them is not allowed."""
    try:
        rows = lookup(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("name") from None
    addresses = [ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
    if not addresses:
        raise Unreachable("name")
    if not all(allowed(one, loopback=loopback) for one in addresses):
        raise Unreachable("address")
    return str(addresses[0])


def _wrong() -> BadInput:
    return BadInput(WHERE, "不能送到这里", accepted=_ACCEPTED)

"""Where messages may go, and where never: looked up when they are sent, and not lead on from there."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from ipaddress import ip_address
from typing import Any

import pytest

from songhe.doors.api.webhooks import posting
from songhe.doors.api.webhooks.destinations import Unreachable, allowed, checked_url, found
from songhe.doors.api.webhooks.posting import post
from songhe.kernel.errors import BadInput
from tests.api.receiver import LOCAL, receiving

HTTPS, HTTP = "https:" + "//", "http:" + "//"
PRIVATE = [
    "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "127.0.0.1", "0.0.0.1", "224.0.0.1",
    "255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1",
    "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:1::", "2001:db8::1", "::7f00:1",
]  # fmt: skip


def looking_up(*addresses: str) -> Any:
    return lambda host, port, **kind: [(0, 0, 0, "", (one, port)) for one in addresses]


@pytest.mark.parametrize("address", PRIVATE)
def test_nothing_goes_to_addresses_that_are_not_public(address: str) -> None:
    assert not allowed(ip_address(address), loopback=False)
    with pytest.raises(Unreachable, match="address"):
        found("hooks.example", 443, loopback=False, lookup=looking_up(address))
    with pytest.raises(Unreachable, match="address"):
        found("hooks.example", 443, loopback=False, lookup=looking_up("114.114.114.114", address))


@pytest.mark.parametrize("address", ["114.114.114.114", "2400:3200::1", "::ffff:114.114.114.114"])
def test_public_addresses_are_reached(address: str) -> None:
    assert allowed(ip_address(address), loopback=False)
    assert found("hooks.example", 443, loopback=False, lookup=looking_up(address)) == str(ip_address(address))


def test_a_demonstration_reaches_this_machine_and_nothing_else_that_is_private() -> None:
    assert allowed(ip_address("127.0.0.1"), loopback=True)
    assert allowed(ip_address("::1"), loopback=True)
    assert not allowed(ip_address("10.0.0.1"), loopback=True)
    assert not allowed(ip_address("169.254.169.254"), loopback=True)


def test_a_name_that_nobody_has_is_unreachable() -> None:
    def unknown(*arguments: object, **more: object) -> list[Any]:
        raise socket.gaierror

    for lookup in (unknown, looking_up()):
        with pytest.raises(Unreachable, match="name"):
            found("nobody.invalid", 443, loopback=False, lookup=lookup)


@pytest.mark.parametrize(
    "url",
    [
        "", "hooks", HTTP + "hooks.example/", "ftp:" + "//hooks.example/", HTTPS, HTTPS + "/path",
        HTTPS + "name:word@hooks.example/", HTTPS + "hooks.example/#part", HTTPS + "hooks.example:99999/",
        HTTPS + "10.0.0.1/", HTTPS + "[::1]/", HTTPS + "127.0.0.1/", HTTPS + "hooks.example/a b",
        HTTPS + "hooks.example\\@10.0.0.1/", HTTPS + "松鹤.example/", HTTPS + "hooks.example/" + "x" * 300,
        HTTP + "127.0.0.1/", HTTPS + "hooks.example/\r\nX: 1", "file:" + "///etc/passwd", HTTPS + "[::1",
    ],
)  # fmt: skip
def test_an_address_that_nothing_is_sent_to_is_refused_when_it_is_given(url: str) -> None:
    with pytest.raises(BadInput):
        checked_url(url, loopback=False)


def test_an_address_is_kept_as_it_was_given() -> None:
    url = HTTPS + "hooks.example:8443/songhe?from=a"
    assert checked_url(f" {url} ", loopback=False) == url
    assert checked_url(HTTP + "localhost:8000/", loopback=True)
    with pytest.raises(BadInput):
        checked_url(HTTP + "hooks.example/", loopback=True)


def test_outside_a_demonstration_this_machine_is_not_reached_by_any_name() -> None:
    with receiving() as receiver:
        for url in (receiver.url, receiver.url.replace(LOCAL, "localhost")):
            assert post(url, {}, b"{}", loopback=False).error == "address"
        assert receiver.came == []


def test_a_redirect_is_not_followed() -> None:
    with receiving() as receiver:
        receiver.answers = [307]
        answer = post(receiver.url, {}, b"{}", loopback=True)
        assert (answer.status, answer.error, answer.taken) == (307, "redirect", False)
        assert len(receiver.came) == 1


def test_a_receiver_that_answers_slowly_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "MOST_SECONDS", 0.3)
    stopping = threading.Event()
    with closing(socket.create_server((LOCAL, 0))) as server:

        def drip() -> None:
            peer, _ = server.accept()
            with closing(peer):
                try:
                    peer.sendall(b"HTTP/1.1 200 OK\r\n")
                    while not stopping.wait(0.05):
                        peer.sendall(b"X: y\r\n")
                except OSError:
                    return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        answer = post(HTTP + f"{LOCAL}:{server.getsockname()[1]}/", {}, b"{}", loopback=True)
        stopping.set()
        thread.join()
    assert (answer.status, answer.error) == (None, "timeout")


def test_what_lies_with_the_receiver_is_an_answer() -> None:
    with closing(socket.create_server((LOCAL, 0))) as server:
        port = server.getsockname()[1]
    assert post(HTTP + f"{LOCAL}:{port}/", {}, b"{}", loopback=True).error == "connection"
    with receiving() as receiver:
        assert post(receiver.url.replace("http:", "https:"), {}, b"{}", loopback=True).error == "tls"

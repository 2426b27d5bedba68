"""Where keys come from. The database and its backups hold ciphertext only.

`KeyService` is the interface of a key management system; `EnvironmentKeys` takes them from the process environment,
where the launcher or the administrator puts them. A key never has a default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Protocol

from songhe.kernel.errors import BadInput

SEALING, INDEX, AUDIT = "SONGHE_SEALING_KEY", "SONGHE_INDEX_KEY", "SONGHE_AUDIT_KEY"
NAMES = {SEALING: 16, INDEX: 32, AUDIT: 32}  # bytes


class KeyService(Protocol):
    """Hands out keys by name."""

    def key(self, name: str) -> bytes:
        """The key of this name. BadInput when there is none, or it is not as long as it must be."""


class EnvironmentKeys:
    """Keys as hexadecimal text in environment variables."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def key(self, name: str) -> bytes:
        """See KeyService."""
        accepted = f"{NAMES[name] * 2}位十六进制"
        try:
            key = bytes.fromhex(self._environment.get(name, ""))
        except ValueError:
            raise BadInput(name, "密钥写法不对", accepted=accepted) from None
        if len(key) != NAMES[name]:
            raise BadInput(name, "没有密钥，或者长度不对", accepted=accepted)
        return key


@cache
def key(name: str) -> bytes:
    """The key of this name for this process."""
    return EnvironmentKeys(os.environ).key(name)

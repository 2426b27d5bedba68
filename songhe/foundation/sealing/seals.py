"""Sealing values and finding them without opening them.

A sealed value is version ‖ nonce ‖ ciphertext and tag. What it belongs to (table, column, row) is authenticated with
it: copied to another row it does not open.
"""

from __future__ import annotations

import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from songhe.foundation.sealing.keys import INDEX, SEALING, key

VERSION = b"\x01"
_NONCE, _TAG = 12, 16
INDEX_BYTES = 16


class Unsealable(Exception):
    """A sealed value that does not open here: changed, copied from another row, or sealed with another key."""


def seal(text: str, place: str) -> bytes:
    """The text sealed for one place, such as "people_person.id_number.<row id>"."""
    nonce = secrets.token_bytes(_NONCE)
    encryptor = Cipher(algorithms.SM4(key(SEALING)), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(VERSION + place.encode())
    body = encryptor.update(text.encode()) + encryptor.finalize()
    return VERSION + nonce + body + encryptor.tag


def unseal(sealed: bytes, place: str) -> str:
    """The text again. Unsealable when it was not sealed for this place."""
    data = bytes(sealed)
    nonce, body, tag = data[1 : 1 + _NONCE], data[1 + _NONCE : -_TAG], data[-_TAG:]
    if data[:1] != VERSION or len(data) < 1 + _NONCE + _TAG:
        raise Unsealable(place)
    decryptor = Cipher(algorithms.SM4(key(SEALING)), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(VERSION + place.encode())
    try:
        return (decryptor.update(body) + decryptor.finalize()).decode()
    except InvalidTag:
        raise Unsealable(place) from None


def blind_index(text: str, field: str) -> bytes:
    """Sixteen bytes that are equal for equal normalised texts of the same field, and say nothing else."""
    state = _keyed(field).copy()
    state.update(text.encode())
    return state.finalize()[:INDEX_BYTES]


@cache
def _keyed(field: str) -> HMAC:
    state = HMAC(key(INDEX), SM3())
    state.update(field.encode() + b"\0")
    return state

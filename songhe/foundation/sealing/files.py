"""Files at rest: sealed with SM4-GCM in chunks, so that any size streams through little memory.

A sealed file is mark and version ‖ salt ‖ chunks, each a ciphertext and its tag. Its key is drawn from the sealing key,
the file's owner (its row's id) and the salt; a chunk's number is its nonce. Owner, number and whether it is the last
are authenticated: chunks cannot be changed, swapped, left out at the end, or brought from another file.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from songhe.foundation.sealing.keys import SEALING, key
from songhe.foundation.sealing.seals import Unsealable

MARK = b"\x00SH"  # no text and no workbook begins so
VERSION = b"\x01"
CHUNK_BYTES = 256 << 10
_SALT, _TAG, _KEY, _NONCE = 16, 16, 16, 12


def is_sealed(head: bytes) -> bool:
    """Whether a file that begins so is a sealed one; what was kept before files were sealed is plain."""
    return head.startswith(MARK)


def sealed(chunks: Iterable[bytes], owner: str) -> Iterator[bytes]:
    """The pieces of a sealed file, in their order."""
    salt = secrets.token_bytes(_SALT)
    yield MARK + VERSION + salt
    file_key = _key(owner, salt)
    for number, (piece, last) in enumerate(_even(chunks)):
        encryptor = Cipher(algorithms.SM4(file_key), modes.GCM(_nonce(number))).encryptor()
        encryptor.authenticate_additional_data(_bound(owner, number, last))
        yield encryptor.update(piece) + encryptor.finalize() + encryptor.tag


def unsealed(file: BinaryIO, owner: str) -> Iterator[bytes]:
    """The plain pieces again. Unsealable as soon as one is not the owner's, not in its place, or the end is missing."""
    head = file.read(len(MARK + VERSION) + _SALT)
    if head[: len(MARK + VERSION)] != MARK + VERSION:
        raise Unsealable(owner)
    file_key = _key(owner, head[-_SALT:])
    piece = file.read(CHUNK_BYTES + _TAG)
    number = 0
    while piece:
        following = file.read(CHUNK_BYTES + _TAG)
        yield _opened(file_key, owner, number, piece, last=not following)
        piece, number = following, number + 1
    if not number:
        raise Unsealable(owner)


def _opened(file_key: bytes, owner: str, number: int, piece: bytes, *, last: bool) -> bytes:
    body, tag = piece[:-_TAG], piece[-_TAG:]
    if len(tag) != _TAG:
        raise Unsealable(owner)
    decryptor = Cipher(algorithms.SM4(file_key), modes.GCM(_nonce(number), tag)).decryptor()
    decryptor.authenticate_additional_data(_bound(owner, number, last))
    try:
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag:
        raise Unsealable(owner) from None


def _even(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in chunks of one size, the last shorter or empty, each with whether it is the last."""
    kept = bytearray()
    for chunk in chunks:
        kept += chunk
        while len(kept) > CHUNK_BYTES:
            yield bytes(kept[:CHUNK_BYTES]), False
            del kept[:CHUNK_BYTES]
    yield bytes(kept), True


def _key(owner: str, salt: bytes) -> bytes:
    drawn = HMAC(key(SEALING), SM3())
    drawn.update(b"file\0" + owner.encode() + b"\0" + salt)
    return drawn.finalize()[:_KEY]


def _nonce(number: int) -> bytes:
    return number.to_bytes(_NONCE, "big")


def _bound(owner: str, number: int, last: bool) -> bytes:
    return MARK + VERSION + owner.encode() + b"\0" + number.to_bytes(8, "big") + bytes([last])

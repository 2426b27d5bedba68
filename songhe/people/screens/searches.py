"""What somebody searched for, kept with the session and sealed, so that no name or number stands in an address.

An address carries a random token; the last few searches of a session can be gone back to.
"""

from __future__ import annotations

import uuid
from typing import Any

from songhe.foundation.sealing.seals import Unsealable, seal, unseal

_KEY, _PLACE = "people_searches", "people.search"
_KEPT = 12
LONGEST = 80


def remember(session: Any, text: str) -> str:
    """Keeps the text; gives the token that finds it again in this session."""
    token = str(uuid.uuid4())
    kept = dict(list(session.get(_KEY, {}).items())[-_KEPT + 1 :])
    kept[token] = seal(text.strip()[:LONGEST], f"{_PLACE}.{token}").hex()
    session[_KEY] = kept
    return token


def recall(session: Any, token: str) -> str | None:
    """The text of a token; None when the session does not know it any more."""
    sealed = session.get(_KEY, {}).get(token)
    if sealed is None:
        return None
    try:
        return unseal(bytes.fromhex(sealed), f"{_PLACE}.{token}")
    except (ValueError, Unsealable):
        return None

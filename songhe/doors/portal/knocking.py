"""How often one address of the network may do something a day: enough for a family, too little for a machine."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import connection

from songhe.foundation.sealing.seals import blind_index
from songhe.kernel.errors import Refused
from songhe.kernel.told import told

_COUNTED = """
INSERT INTO portal_knock AS k (holder, what, day, number) VALUES (%s, %s, %s, 1)
ON CONFLICT (holder, what, day) DO UPDATE SET number = k.number + 1 RETURNING number
"""


def knock(*, address: str, what: str, limit: int, today: date) -> None:
    """Counts one more; Refused beyond the limit of the day. Earlier days are forgotten.

    The address itself is not kept: what is kept differs every day.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM portal_knock WHERE day < %s", [today])
        cursor.execute(_COUNTED, [blind_index(f"{today} {address}", "portal_knock.holder"), what, today])
        (number,) = cursor.fetchone()
    if number > limit:
        raise Refused(told("今天办得太多了，明天再来，或者打{phone}", phone=settings.DUTY_PHONE))

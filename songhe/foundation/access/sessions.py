"""Sessions in the database, as Django keeps them; reading one, which every request does, is one plain statement."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from songhe.foundation.database.statements import rows_of

_READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """See Django."""

    def load(self) -> dict[str, Any]:
        """What was kept; a session that is over, or never was, is empty and gets a key of its own."""
        rows = rows_of(_READ, [self.session_key, timezone.now()])
        if not rows:
            self._session_key = None
            return {}
        kept: dict[str, Any] = self.decode(rows[0][0])
        return kept

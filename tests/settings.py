"""Settings for tests: the real ones with keys for tests, a fast password hasher and unhashed static files.

The database is named when the first test asks for one; see tests/database.py.
"""

from __future__ import annotations

import os

for name, value in {
    "SONGHE_DATABASE": "postgresql://songhe_web@127.0.0.1:1/not-yet-known",
    "SONGHE_SECRET_KEY": "for-tests-only",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # a browser that is driven in the same thread keeps a loop running
    "SONGHE_SEALING_KEY": "00112233445566778899aabbccddeeff",
    "SONGHE_INDEX_KEY": "0123456789abcdef" * 4,
    "SONGHE_AUDIT_KEY": "fedcba9876543210" * 4,
}.items():
    os.environ.setdefault(name, value)

from songhe.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True

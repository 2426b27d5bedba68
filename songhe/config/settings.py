"""Django's settings. What differs between places comes from the environment; a secret never has a default.

SONGHE_DATABASE (connection string of the application's role), SONGHE_SECRET_KEY, the keys of foundation/sealing,
SONGHE_HOSTS (parted by commas), SONGHE_FILES (folder of uploaded files), SONGHE_DEMO=1 for a demonstration,
SONGHE_HTTPS=1 behind TLS, SONGHE_NOTICES (folder of messages that no provider carries), SONGHE_PREPARED=1 where no
pooler stands before the database, SONGHE_PLACE (the city or county whose platform this is).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml
from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from songhe.config.logs import LOGGING  # noqa: F401
from songhe.config.paths import policies_folder

SECRET_KEY = os.environ["SONGHE_SECRET_KEY"]
DEBUG = False
DEMO = os.environ.get("SONGHE_DEMO") == "1"
HTTPS = os.environ.get("SONGHE_HTTPS") == "1"
ALLOWED_HOSTS = os.environ.get("SONGHE_HOSTS", "127.0.0.1,localhost").split(",")
FILES = Path(os.environ.get("SONGHE_FILES", "build/files"))
NOTICE_FOLDER = Path(os.environ.get("SONGHE_NOTICES", "build/notices"))
DEMO_PASSWORD = "songhe-demo-2024" if DEMO else ""
PREPARED = os.environ.get("SONGHE_PREPARED") == "1"
_ONLY_WHEN_ASKED = 1 << 30  # uses until a statement is prepared of itself; None, Django's usual, would forbid it
DUTY_PHONE = os.environ.get("SONGHE_DUTY_PHONE", "12345")
PLACE = os.environ.get("SONGHE_PLACE", "鄂州市" if DEMO else "")  # whose platform it is

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "procrastinate.contrib.django",
    "songhe.ui",
    "songhe.foundation.access",
    "songhe.foundation.audit",
    "songhe.foundation.outbox",
    "songhe.foundation.idempotency",
    "songhe.foundation.jobs",
    "songhe.foundation.tasks",
    "songhe.foundation.notices",
    "songhe.foundation.uploads",
    "songhe.foundation.views_kept",
    "songhe.regions",
    "songhe.people",
    "songhe.people.imports",
    "songhe.people.duplicates",
    "songhe.policy",
    "songhe.eligibility.decisions",
    "songhe.eligibility.simulating",
    "songhe.assessment",
    "songhe.doors.console",
    "songhe.doors.portal",
    "songhe.doors.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "songhe.doors.console.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "songhe.doors.api.problems.ProblemMiddleware",
    "songhe.foundation.access.middleware.ScopeMiddleware",
    "songhe.doors.console.errors.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "songhe.config.urls"
WSGI_APPLICATION = "songhe.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _database(dsn: str) -> dict[str, Any]:
    parts = conninfo_to_dict(dsn)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    known = {ours: str(parts.pop(theirs)) for theirs, ours in names.items() if theirs in parts}
    options = {"options": "-c timezone=Asia/Shanghai", **parts}
    if PREPARED:
        options["prepare_threshold"] = _ONLY_WHEN_ASKED
    return {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, "OPTIONS": options, **known}


DATABASES = {"default": _database(os.environ["SONGHE_DATABASE"])}

# The two loaders overwrite each other when their apps set themselves up, so they are written out here.
_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", _LOADERS)])],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "songhe.ui.templatetags.songhe_ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "songhe.doors.console.shell.shell",
            ],
        },
    }
]
COTTON_DIR = "cotton"

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "songhe.foundation.access.entering.AccountBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "access/locked.html"
AXES_SENSITIVE_PARAMETERS = ["login", "password"]
OTP_TOTP_ISSUER = "松鹤"

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # names stay out of cookies
SESSION_ENGINE = "songhe.foundation.access.sessions"
SESSION_COOKIE_AGE = 30 * 60  # seconds without a click until one has to sign in again
SESSION_COOKIE_NAME = "songhe"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "songhe.doors.console.errors.refused_form"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "songhe-language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = sorted(Path(__file__).resolve().parents[1].glob("*/locale"))  # one catalogue a room
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("SONGHE_STATIC", "build/static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "songhe.ui.storage.Storage"},
}
# Where rooms declare what can run in the background, and the kinds of task they open.
JOB_MODULES: tuple[str, ...] = (
    "songhe.foundation.audit.jobs",
    "songhe.foundation.tasks.jobs",
    "songhe.people.imports.jobs",
    "songhe.people.jobs",
    "songhe.people.duplicates.jobs",
    "songhe.eligibility.decisions.jobs",
    "songhe.assessment.jobs_results",
    "songhe.assessment.jobs_drift",
    "songhe.assessment.jobs_import",
)
POLICIES = policies_folder()
TASK_MODULES: tuple[str, ...] = (
    "songhe.regions.kinds",
    "songhe.people.kinds",
    "songhe.people.duplicates.kinds",
    "songhe.eligibility.decisions.kinds",
    "songhe.doors.portal.kinds",
    "songhe.policy.kinds",
    "songhe.assessment.kinds",
)
NOTICE_CHANNELS = {
    "sms": "songhe.foundation.notices.channels.FileChannel",
    "wechat": "songhe.foundation.notices.channels.FileChannel",
}
UPLOAD_SCANNER = ""  # dotted name of a class as in foundation/uploads/scanning.py
SILENCED_SYSTEM_CHECKS = ["axes.W001"]
OUTBOX_SUBSCRIPTIONS = "songhe.config.subscriptions.SUBSCRIPTIONS"
REGION_NAMES = "songhe.regions.api.names_of"  # what names places in pages of foundation, which lies below
QUOTAS = yaml.safe_load(Path(__file__).with_name("quotas.yaml").read_text(encoding="utf-8"))
AUDIT_WORDS = yaml.safe_load(Path(__file__).with_name("audit_words.yaml").read_text(encoding="utf-8"))
_DATA = Path(os.environ.get("SONGHE_DATA", "build/platform"))
AUDIT_HEADS = Path(os.environ.get("SONGHE_AUDIT_HEADS", _DATA / "audit-heads.jsonl"))  # best on another machine

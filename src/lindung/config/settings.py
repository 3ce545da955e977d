"""All settings, in one file. Defaults suit a laptop; environment variables suit a city (docs/operations.md)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

from lindung.local import Server, data_folder

ROOM = Path(__file__).parents[1]
GENERATED = Path(os.environ.get("LINDUNG_GENERATED", Path(__file__).parents[3] / "generated"))


def _flag(name: str, default: bool) -> bool:
    text = os.environ.get(name)
    if text in (None, ""):
        return default
    if text not in ("0", "1"):
        raise ValueError(f"{name} must be 0 or 1, not {text!r}")
    return text == "1"


def _secret_key() -> str:
    if key := os.environ.get("LINDUNG_SECRET_KEY"):
        return key
    path = data_folder() / "secret.key"
    if not path.is_file():
        scratch = path.with_suffix(f".{os.getpid()}")
        scratch.touch(mode=0o600)
        scratch.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            os.link(scratch, path)  # the first of two that start at once wins
        except FileExistsError:
            pass
        finally:
            scratch.unlink()
    return path.read_text(encoding="ascii")


def _database(url: str) -> dict[str, object]:
    parts = urlparse(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


DEBUG = _flag("LINDUNG_DEBUG", False)
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("LINDUNG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
BASE_URL = os.environ.get("LINDUNG_BASE_URL", "http://localhost:8000")
BEHIND_TLS = _flag("LINDUNG_TLS", False)
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BEHIND_TLS else []
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_AGE = 12 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

TRUSTED_PROXIES = frozenset(filter(None, os.environ.get("LINDUNG_PROXIES", "").split(",")))
# approvers, treasurers and administrators sign in with a second factor; sample accounts never need one
SECOND_FACTOR = _flag("LINDUNG_SECOND_FACTOR", True)

DATABASES = {"default": _database(os.environ.get("DATABASE_URL") or Server(data_folder()).url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "lindung.registry",
    "lindung.enrolment",
    "lindung.contributions",
    "lindung.coverage",
    "lindung.workflows",
    "lindung.web",
]
MIDDLEWARE = [
    "lindung.web.middleware.Proxies",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "lindung.web.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lindung.web.middleware.Context",
    "lindung.web.middleware.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "lindung.config.urls"
WSGI_APPLICATION = "lindung.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lindung.web.context.page",
            ],
        },
    }
]

AUTH_USER_MODEL = "registry.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"


def _mail() -> dict[str, Any]:
    """LINDUNG_MAIL: "console", "file:FOLDER", "smtp://user:password@host:port" or "smtps://…"; without it no mail leaves."""
    text = os.environ.get("LINDUNG_MAIL", "")
    if not text:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    if text == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if text.startswith("file:") and text[5:]:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": text[5:],
        }
    found = urlparse(text)
    if found.scheme not in ("smtp", "smtps") or not found.hostname:
        raise ValueError(
            "LINDUNG_MAIL must be console, file:FOLDER, smtp://user:password@host:port or smtps://…"
        )
    tls = found.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": found.hostname,
        "EMAIL_PORT": found.port or (465 if tls else 587), "EMAIL_HOST_USER": unquote(found.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(found.password or ""), "EMAIL_USE_SSL": tls, "EMAIL_USE_TLS": not tls and found.hostname != "localhost",
        "EMAIL_TIMEOUT": 20,
    }  # fmt: skip


globals().update(_mail())
SENDS_MAIL = bool(os.environ.get("LINDUNG_MAIL"))
DEFAULT_FROM_EMAIL = os.environ.get("LINDUNG_MAIL_FROM", "lindung@localhost")

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
# the first wins where two rooms use one English word: pages know best what stands on a page
LOCALE_PATHS = [
    str(path) for path in sorted(ROOM.glob("*/locale"), key=lambda path: (path.parent.name != "web", path))
]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [GENERATED / "static"] if (GENERATED / "static").is_dir() else []
STATIC_ROOT = GENERATED / "collected"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 220 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

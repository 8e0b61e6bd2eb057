"""One settings file, driven by the environment. Every variable is named `CAPAIAN_…` and listed in the README."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

DEBUG = env.bool("CAPAIAN_DEBUG", default=False)
ALLOWED_HOSTS = env.list("CAPAIAN_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CAPAIAN_ORIGINS", default=[])
VAR_DIR = Path(env.str("CAPAIAN_VAR", default=str(BASE_DIR / "var")))
OUT_DIR = Path(env.str("CAPAIAN_OUT", default=str(BASE_DIR / "out")))
# `capaian demo` leaves this file, so that a site served later from the same folder is known to be a demo. Where an
# office sets CAPAIAN_DEMO=0 the file says nothing.
DEMO_MARKER = VAR_DIR / "demo"
DEMO = env.bool("CAPAIAN_DEMO", default=DEMO_MARKER.exists())
# Shown on the login page of a demo, where `capaian demo` has made these accounts; nowhere else do they exist.
DEMO_PASSWORD = "demo-capaian"  # noqa: S105
DEMO_ACCOUNTS = {
    "operator": "Operator",
    "kepala_unit": "Kepala unit",
    "pemegang": "Pemegang program",
    "perencana": "Perencana",
    "keuangan": "Keuangan",
    "kepala": "Kepala dinas",
    "inspektorat": "Inspektorat",
    "admin": "Admin",
    "publik": "Publik",
}


def _stored_secret(path: Path) -> str:
    """The key that all processes of this installation share: made once, readable by its owner only.

    It is written aside and linked into place, so that of two processes that start together one wins and the other
    reads a whole key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text()


SECRET_KEY = env.str("CAPAIAN_SECRET_KEY", default="") or _stored_secret(VAR_DIR / "secret_key")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "capaian.web",
    "capaian.organisations",
    "capaian.workflow",
    "capaian.planning",
    "capaian.budget",
    "capaian.measurement",
    "capaian.review",
    "capaian.reports",
    "capaian.exchange",
    "capaian.cli",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Far out, so that also what the middlewares below answer by themselves carries the policy.
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Every page asks for a login unless its view says otherwise; after htmx, which it needs to know about.
    "capaian.web.middleware.LoginRequired",
    "capaian.web.middleware.refuse_nul",
    "capaian.web.middleware.remember_office",
]

ROOT_URLCONF = "capaian.config.urls"
WSGI_APPLICATION = "capaian.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "capaian.web.context.chrome",
            ],
            "builtins": ["django.templatetags.static", "capaian.web.templatetags.capaian"],
        },
    }
]

DATABASES = {"default": env.db("CAPAIAN_DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'capaian.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Readers and one writer side by side: write-ahead log, and a write takes its lock at once instead of failing later.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
    }
# Reports are made by `python -m django db_worker`, which `capaian serve` starts beside the site.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "reports:home"
LOGOUT_REDIRECT_URL = "web:login"

LANGUAGE_CODE = "id"
TIME_ZONE = env.str("CAPAIAN_TIME_ZONE", default="Asia/Jakarta")
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("CAPAIAN_STATICFILES", default="whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
MEDIA_ROOT = VAR_DIR / "media"
# Bukti dukung: the size of one file, and the virus scanner that looks at it before it is kept (`{path}` is its place;
# exit 0 is clean, 1 infected). Where scanning is required, a file that could not be scanned is refused.
EVIDENCE_MAX_BYTES = env.int("CAPAIAN_EVIDENCE_MB", default=10) * 1024**2
SCAN_COMMAND = env.str("CAPAIAN_SCAN_COMMAND", default="")
SCAN_REQUIRED = env.bool("CAPAIAN_SCAN_REQUIRED", default=True)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        # ECharts and Bootstrap set inline style attributes; no inline <style> or script is allowed.
        "style-src-attr": ["'unsafe-inline'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("CAPAIAN_HTTPS", default=False)
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("CAPAIAN_LOG_LEVEL", default="WARNING")},
}

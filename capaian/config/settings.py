"""One settings file, driven by the environment. Every variable is named `CAPAIAN_…` and listed in the README."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

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
    "capaian.spm",
    "capaian.skm",
    "capaian.assessments",
    "capaian.review",
    "capaian.reports",
    "capaian.exchange",
    "capaian.cli",
    # After ours, whose templates take the place of theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Far out, so that also what the middlewares below answer by themselves carries the policy.
    "csp.middleware.CSPMiddleware",
    "capaian.web.middleware.forbid_devices",
    "capaian.web.middleware.keep_private",
    "django.middleware.gzip.GZipMiddleware",
    # Around all that refuses: what is refused is written, with the address that it came from.
    "capaian.workflow.middleware.AuditTrail",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Every page asks for a login unless its view says otherwise; after htmx, which it needs to know about.
    "capaian.web.middleware.LoginRequired",
    "capaian.web.limits.RateLimits",
    "capaian.web.middleware.keep_session",
    "capaian.organisations.middleware.DutiesFirst",
    "allauth.account.middleware.AccountMiddleware",
    "capaian.web.middleware.refuse_nul",
    "capaian.web.middleware.remember_office",
    "axes.middleware.AxesMiddleware",
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
else:
    _database = DATABASES["default"]
    # A connection per thread of the web server, kept, and looked at before a request uses it: a database that was
    # restarted is found again without anybody noticing.
    _database.setdefault("CONN_MAX_AGE", 600)
    _database["CONN_HEALTH_CHECKS"] = True
    # Whoever waits for a row that another holds gives up after as long as on SQLite; what runs longer than an answer
    # may take is ended where a limit is set, as `capaian serve` does for the site.
    _limits = {"lock_timeout": 20, "statement_timeout": env.int("CAPAIAN_STATEMENT_SECONDS", default=0)}
    _options = " ".join(f"-c {name}={seconds}s" for name, seconds in _limits.items())
    _database["OPTIONS"] = {"connect_timeout": 5, "options": _options} | _database.get("OPTIONS", {})
# Reports and imports are made by `python -m django run_jobs`, which `capaian serve` starts beside the site.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- who comes in ----------------------------------------------------------------------------------------------------

_VALIDATORS = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATORS}MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATORS}CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = [
    # Lets nobody in; refuses who is locked out, before any password is looked at.
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "reports:home"
LOGOUT_REDIRECT_URL = "web:login"
# How many proxies of our own stand before the site: as many of the last addresses in X-Forwarded-For are believed.
PROXY_COUNT = env.int("CAPAIAN_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT

ACCOUNT_ADAPTER = "capaian.organisations.login.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "capaian.organisations.login_forms.Login",
    "change_password": "capaian.organisations.login_forms.ChangePassword",
    "reauthenticate": "capaian.organisations.login_forms.Reauthenticate",
}
# A whole office may come in at once behind one address; failures are counted by axes, for passwords and codes alike.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": None, "change_password": "10/m/user"}

MFA_ADAPTER = "capaian.organisations.login.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Capaian"
# Telephones' clocks go wrong by some seconds; one step of 30 seconds before and after is taken too.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "capaian.organisations.login_forms.Code",
    "reauthenticate": "capaian.organisations.login_forms.ReauthenticateCode",
    "activate_totp": "capaian.organisations.login_forms.ActivateTotp",
}
# Roles whose holders must log in with a second step, as keys separated by commas: perencana,kepala,admin.
REQUIRE_TOTP = env.list("CAPAIAN_REQUIRE_TOTP", default=[])

OIDC_ISSUER = env.str("CAPAIAN_OIDC_ISSUER", default="")
OIDC_NAME = env.str("CAPAIAN_OIDC_NAME", default="akun pemerintah daerah")
SOCIALACCOUNT_ADAPTER = "capaian.organisations.login.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_PROVIDERS = {}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_NAME,
                "client_id": env.str("CAPAIAN_OIDC_CLIENT_ID"),
                "secret": env.str("CAPAIAN_OIDC_SECRET"),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "capaian.organisations.login.tried_name"
AXES_CLIENT_IP_CALLABLE = "capaian.web.address.client_address"
AXES_LOCKOUT_CALLABLE = "capaian.organisations.login.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# What happened at the door is in the audit trail, which nobody can change.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = [
    *("username", "ip_address", "login", "password", "oldpassword", "password1", "password2", "code"),
    "csrfmiddlewaretoken",
]

# The daily digest. Without a mail server it is printed.
vars().update(env.email_url("CAPAIAN_EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("CAPAIAN_EMAIL_FROM", default="capaian@localhost")
# Where the links of a letter lead.
SITE_URL = env.str("CAPAIAN_SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

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
BACKUP_DIR = Path(env.str("CAPAIAN_BACKUP", default=str(VAR_DIR / "backup")))
# What `/sehat/` looks at, in this order.
HEALTH_CHECKS = [
    "capaian.web.health.database",
    "capaian.web.health.migrations",
    "capaian.web.health.worker",
    "capaian.web.health.disk",
    "capaian.web.health.backup",
    "capaian.workflow.health.audit",
]
# A form of an instrument has up to five fields for each item; how much may be sent is limited in bytes.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 30_000
# How large an uploaded workbook may be.
UPLOAD_MAX_BYTES = env.int("CAPAIAN_UPLOAD_MB", default=10) * 1024**2
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
        # No inline script, <style> or style attribute anywhere: what a script sets on an element is not held to this.
        "frame-ancestors": ["'none'"],
        # A browser holds also the way on from a form to this: from our button to the login page of the OIDC issuer.
        "form-action": ["'self'", *(["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER))] if OIDC_ISSUER else [])],
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
    }
}
HTTPS = env.bool("CAPAIAN_HTTPS", default=False)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Ends after so many hours without a page (`web.middleware.keep_session`).
SESSION_COOKIE_AGE = env.int("CAPAIAN_SESSION_HOURS", default=8) * 3600
if HTTPS:
    # The prefix makes browsers refuse a cookie that another host of the same domain has set.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    # The site itself speaks HTTP: HTTPS ends at the proxy, which says so in this header.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("CAPAIAN_LOG_LEVEL", default="WARNING")},
}

"""Settings, all from the environment. What is unset has a default that works on one machine.

A variable that is wrong stops the start with a sentence that says what to do.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from jiazhan.config import postgres

ROOT = Path(__file__).resolve().parent.parent.parent
HOME = Path(os.environ.get("JIAZHAN_HOME") or ROOT / "var").resolve()


def _flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0")
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 0 或 1，现在是 {value!r}。")
    return value == "1"


def _choice(name: str, *, options: tuple[str, ...]) -> str:
    value = os.environ.get(name) or options[0]
    if value not in options:
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 {'、'.join(options)} 之一，现在是 {value!r}。")
    return value


def _count(name: str) -> int:
    value = os.environ.get(name, "0")
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"环境变量 {name} 应是一个数（0、1、2…），现在是 {value!r}。")
    return int(value)


def _secret_key() -> str:
    """The variable, else a key that is made once and kept beside the data."""
    if key := os.environ.get("JIAZHAN_SECRET_KEY"):
        if len(key) < 32:
            raise ImproperlyConfigured("环境变量 JIAZHAN_SECRET_KEY 至少要 32 个字符；不设时自动生成并存到数据目录。")
        return key
    path = HOME / "secret.key"
    try:
        HOME.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(f"数据目录 {HOME} 不能写入（{error.strerror}）。请换一个 JIAZHAN_HOME。") from error
    return path.read_text()


def _database(url: str, *, variable: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"环境变量 {variable} 应写成 postgresql://用户：密码@主机：端口/库名。")
    host = unquote(parts.hostname or "")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "jiazhan.kernel.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", host)),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Prepared are only the statements that ask for it (kernel.prepared); the threshold has to be something for that.
        "OPTIONS": {"connect_timeout": 5, "prepare_threshold": 5},
    }


_app_url, _owner_url = os.environ.get("DATABASE_URL", ""), os.environ.get("DATABASE_OWNER_URL", "")
if bool(_app_url) != bool(_owner_url):
    raise ImproperlyConfigured("DATABASE_URL(应用角色)和 DATABASE_OWNER_URL(属主角色，迁移用)要么都设，要么都不设。")
IS_EMBEDDED = not _app_url
if IS_EMBEDDED:
    _app_url, _owner_url = postgres.urls(HOME)

DATABASES = {
    "default": _database(_app_url, variable="DATABASE_URL"),
    # The same database as its owner: for migrations only.
    "owner": _database(_owner_url, variable="DATABASE_OWNER_URL") | {"CONN_MAX_AGE": 0, "TEST": {"MIRROR": "default"}},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEBUG = _flag("JIAZHAN_DEBUG", default=False)
SECRET_KEY = _secret_key()
ORIGIN = os.environ.get("JIAZHAN_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [
    *filter(None, os.environ.get("JIAZHAN_HOSTS", "").split(",")), "127.0.0.1", "localhost", urlsplit(ORIGIN).hostname,
]  # fmt: skip
CSRF_TRUSTED_ORIGINS = [ORIGIN]
IS_HTTPS = ORIGIN.startswith("https://")

INSTALLED_APPS = [
    "jiazhan.kernel",
    "jiazhan.audit",
    "jiazhan.places",
    "jiazhan.people",
    "jiazhan.documents",
    "jiazhan.notifications",
    "jiazhan.opinions",
    "jiazhan.suggestions",
    "jiazhan.web.ui",
    "jiazhan.web.public",
    "jiazhan.web.deputy",
    "jiazhan.web.office",
    "jiazhan.web.department",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jiazhan.web.ui.sessions.SessionMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "jiazhan.config.urls"
WSGI_APPLICATION = "jiazhan.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "jiazhan.web.ui.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "jiazhan.web.ui.jinja.once",
            ],
        },
    },
    {
        # Only for libraries that bring their own templates.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["jiazhan.people.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
CSRF_FAILURE_VIEW = "jiazhan.web.ui.views.csrf_failure"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/home/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_ADAPTER = "jiazhan.people.adapters.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = True
# Guessing is slowed by people.services.throttle: these limits would lock an account for its owner too.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
# How many proxies of our own stand before the server; the address of the visitor is what the first of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = _count("JIAZHAN_PROXIES")
MFA_ADAPTER = "jiazhan.people.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "jiazhan.people.second_factor.AuthenticateForm",
    "reauthenticate": "jiazhan.people.second_factor.ReauthenticateForm",
    "activate_totp": "jiazhan.people.second_factor.ActivateForm",
    "login_webauthn": "jiazhan.people.second_factor.LoginByPasskeyForm",
    "authenticate_webauthn": "jiazhan.people.second_factor.AuthenticateByPasskeyForm",
    "reauthenticate_webauthn": "jiazhan.people.second_factor.ReauthenticateByPasskeyForm",
    "add_webauthn": "jiazhan.people.second_factor.AddPasskeyForm",
}
# Clocks of phones differ; a code still counts once (people.second_factor).
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "家站"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
# web.ui.sessions notes it every ten minutes; allauth would write a row with each request.
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_ENGINE = "jiazhan.web.ui.session_store"
SESSION_COOKIE_NAME = "jiazhan_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文"))]
LOCALE_PATHS = [ROOT / "jiazhan" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["jiazhan.config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
STORAGES = {
    "default": {"BACKEND": "jiazhan.documents.files.storage.DurableFileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
# A form with nine pictures straight from a phone.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Keeps rate limits; on several hosts a shared cache replaces it.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

SMS_PORT = _choice("JIAZHAN_SMS", options=("console", "file"))
FONTS = os.environ.get("JIAZHAN_FONTS", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO" if DEBUG else "WARNING"},
}

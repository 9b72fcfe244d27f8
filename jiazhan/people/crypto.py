"""Encryption and look-up digests of contact data, behind a provider so that SM4 and SM3 can take its place."""

import base64
import hashlib
import hmac
import os
from functools import cache
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CryptoProvider(Protocol):
    """`encrypt` and `decrypt` are inverse and authenticated; `digest` is keyed and the same for the same text."""

    def encrypt(self, text: str) -> bytes: ...
    def decrypt(self, sealed: bytes) -> str: ...
    def digest(self, text: str) -> str: ...


class AesProvider:
    """AES-256-GCM and HMAC-SHA256 under keys derived from the secret key."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(self._derive(secret, b"jiazhan contact data"))
        self._digest_key = self._derive(secret, b"jiazhan look-up digest")

    @staticmethod
    def _derive(secret: str, purpose: bytes) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret.encode())

    def encrypt(self, text: str) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, text.encode(), None)

    def decrypt(self, sealed: bytes) -> str:
        return self._cipher.decrypt(sealed[:12], sealed[12:], None).decode()

    def digest(self, text: str) -> str:
        return base64.urlsafe_b64encode(hmac.digest(self._digest_key, text.encode(), hashlib.sha256)).decode()[:43]


@cache
def _provider() -> CryptoProvider:
    return AesProvider(settings.SECRET_KEY)


def encrypt(text: str) -> bytes:
    """The text sealed; empty stays empty."""
    return _provider().encrypt(text) if text else b""


def decrypt(sealed: bytes | memoryview) -> str:
    """The text of `encrypt`. Raises cryptography.exceptions.InvalidTag for altered data or another key."""
    return _provider().decrypt(bytes(sealed)) if sealed else ""


def digest(text: str) -> str:
    """43 characters that stand for the text in look-ups and say nothing about it; empty stays empty."""
    return _provider().digest(text) if text else ""


def mask_phone(phone: str) -> str:
    """138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "*" * len(phone)


def mask_name(name: str) -> str:
    """张** for 张小明; a name of one character is hidden whole."""
    return name[0] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)

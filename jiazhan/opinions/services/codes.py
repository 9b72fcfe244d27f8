"""Follow-up codes: what an author without an account keeps to see the answer."""

import base64

from jiazhan.people import crypto

# Without 0 O 1 I, which people mix up when they read a code aloud.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 10


def follow_code(purpose: str, jurisdiction: str, nonce: str) -> str:
    """Ten characters (50 bits) that only the holder of the key can derive from the form's nonce, as XXXXX-XXXXX.

    Derived, not drawn, so that a form that is sent twice shows the same code; nothing but its digest is stored.
    """
    mac = base64.urlsafe_b64decode(crypto.digest(f"follow-code:{purpose}:{jurisdiction}:{nonce}") + "=")
    number = int.from_bytes(mac[:7], "big")
    characters = [ALPHABET[number >> 5 * place & 31] for place in range(LENGTH)]
    return f"{''.join(characters[:5])}-{''.join(characters[5:])}"

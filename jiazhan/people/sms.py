"""The way out for text messages: a port with adapters, chosen by settings.SMS_PORT; a gateway comes as a further one.

`sms.send("13800138000", "…")` sends now and raises NotSent where the adapter could not; who wants retries queues it.
"""

import os
import sys
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _


class NotSent(Exception):
    """The message did not leave."""

    code = "sms-not-sent"

    def __init__(self) -> None:
        super().__init__(_("短信没有发出去。请过几分钟再试，或者直接打联络站的电话。"))


class Port(Protocol):
    """`send` returns once the message was taken over, within a few seconds; else it raises NotSent."""

    def send(self, phone: str, text: str) -> None: ...


class Console:
    """Prints messages where the server runs: for trying out and for development."""

    def send(self, phone: str, text: str) -> None:
        print(f"短信 {phone}: {text}", file=sys.stderr, flush=True)


class File:
    """Appends messages to HOME/sms/<day>.txt, one line each, readable by the owner only."""

    def send(self, phone: str, text: str) -> None:
        now = timezone.localtime()
        folder = Path(settings.HOME) / "sms"
        line = f"{now:%Y-%m-%d %H:%M:%S}\t{phone}\t{' '.join(text.split())}\n"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            with open(os.open(folder / f"{now:%Y-%m-%d}.txt", flags, 0o600), "a", encoding="utf-8") as file:
                file.write(line)
        except OSError as error:
            raise NotSent from error


_ADAPTERS: dict[str, type[Port]] = {"console": Console, "file": File}


def send(phone: str, text: str) -> None:
    """Send a text to eleven digits. Raises NotSent."""
    _ADAPTERS[settings.SMS_PORT]().send(phone, text)

"""Who visits: people logged in as their real login leaves them, and people who speak at a station."""

import base64
import json
from datetime import timedelta
from importlib import import_module
from random import Random
from urllib.parse import urlencode

import altcha
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from django.utils.crypto import get_random_string

from benchmarks.web import load, texts
from jiazhan.people.models import Account, AccountKind, Post
from jiazhan.people.roles import Role
from jiazhan.places.models import Region, Station
from jiazhan.web.public import draft, human

CITY_OFFICE = "bench-city-office"


def city_office() -> Account:
    """Somebody who reads the whole city: a post over its ten counties."""
    account, _made = Account.objects.get_or_create(
        username=CITY_OFFICE, defaults={"kind": AccountKind.STAFF, "name": "市人大办", "password": "!"}
    )
    since = timezone.localdate() - timedelta(days=400)
    Post.objects.get_or_create(
        account=account, role=Role.STANDING_COMMITTEE_OFFICE, area="9901", defaults={"starts_on": since}
    )
    return account


def cookie_of(account: Account) -> str:
    """The cookie of a session with password and second factor, as allauth and our adapter write it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    now = timezone.now()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "password"}, {"method": "mfa", "type": "totp"}]
    session["account_authentication_methods_user"] = str(account.pk)
    session["is_staff"], session["seen_at"] = True, int(now.timestamp())
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def senders(station: Station, count: int, random: Random) -> list[bytes]:
    """The last step of saying it, `count` times: every other one anonymous with its proof of work, every other one named
    with a phone whose code is skipped. Each has an address, words and a nonce of its own."""
    communities = list(Region.objects.filter(parent=station.street_id).values_list("code", flat=True))
    path = f"/say/{station.jurisdiction}/{station.code}/"
    made = []
    for number, (title, body, _terms) in enumerate(texts.compose(random, count)):
        begun = draft.begin(at=timezone.now() - timedelta(minutes=2))
        said = begun.with_(title=title[:40], body=body, community=random.choice(communities), is_placed=True)
        token = get_random_string(32)
        if number % 2:
            contact = {"who": "named", "name": "王女士", "phone": f"199{random.randrange(10**8):08}"}
            fields = {"act": "skip", "draft": draft.seal(said.with_(contact=contact, is_human=True))}
            step = "confirm/"
        else:
            fields = {"who": "anonymous", "draft": draft.seal(said), "altcha": solved()}
            step = "send/"
        fields["csrfmiddlewaretoken"] = token
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        cookies = f"{settings.CSRF_COOKIE_NAME}={token}"
        made.append(load.post(path + step, urlencode(fields).encode(), cookies, address))
    random.shuffle(made)
    return made


def solved() -> str:
    """A challenge like ours with its solution: whoever sets it may know it, which spares the bench the work of phones."""
    challenge = altcha.create_challenge(
        human.ALGORITHM, human.COST, counter=7, expires_at=timezone.now() + human.VALID_FOR, hmac_secret=human._secret()
    )
    solution = altcha.solve_challenge(challenge)
    payload = {"challenge": challenge.to_dict(), "solution": solution.to_dict()}
    return base64.b64encode(json.dumps(payload).encode()).decode()

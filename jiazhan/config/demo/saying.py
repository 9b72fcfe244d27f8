"""One matter of the demo as it is said: its words, its people, and the clock that leads it through its working days."""

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from jiazhan import audit
from jiazhan.kernel import calendar
from jiazhan.opinions.choices import Channel
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import intake, joining
from jiazhan.people.models import Deputy

from . import matters
from .beginnings import Beginning
from .matters import Kind
from .people import People
from .places import Places


class Later(Exception):
    """The next step is not due yet: the matter rests where it is."""


def nonce_of(number: str) -> str:
    """The mark by which a matter of the demo is known again; of the empty number, how all of them begin."""
    return f"demo-county-990106-{number}"


class Said:
    """One matter: its words, its people, its clock."""

    def __init__(self, random: Random, places: Places, people: People, *, beginning: Beginning, now: datetime) -> None:
        self.random, self.places, self.people = random, places, people
        self.number, self.at, self.rests_in, self.now = beginning.number, beginning.at, beginning.rests_in, now
        self.kind: Kind = random.choice(matters.KINDS)
        self.station = random.choice(places.stations[1:])
        self.street = self.station.street_id
        self.community = random.choice(places.communities[self.street])
        where, since = random.choice(matters.WHERE), random.choice(matters.SINCE)
        self.words = {"community": self.community.name, "where": where, "since": since}
        self.opinion: Opinion

    def wait(self, low: int, high: int) -> datetime:
        """Move to a working hour between `low` and `high` working days later; a matter that shall rest somewhere goes
        there briskly. Raises Later beyond the present, and where the matter rests."""
        if self.rests_in is not None:
            if self.opinion.state == self.rests_in:
                raise Later
            high = min(high, low + 1)
        day = calendar.current().add_workdays(timezone.localdate(self.at), self.random.randint(low, high))
        moment = timezone.make_aware(datetime(day.year, day.month, day.day, 9)) + timedelta(
            minutes=self.random.randint(0, 470)
        )
        # Whatever happens on one day happens in order.
        self.at = max(moment, self.at + timedelta(minutes=7))
        if self.at > self.now:
            raise Later
        return self.at

    def fill(self, text: str) -> str:
        return text.format(**self.words)

    @property
    def author(self) -> audit.Actor:
        return audit.Actor(kind="author", name="反映人", id=str(self.opinion.pk))

    @property
    def deputy(self) -> Deputy:
        return self.opinion.deputy

    def street_office(self) -> str:
        return f"JB{int(self.street[-3:]):02}"

    def say(self, nonce: str) -> Opinion:
        random = self.random
        channel = random.choices(
            [Channel.QR, Channel.WEB, Channel.DESK, Channel.PHONE, Channel.RECEPTION], [50, 15, 20, 8, 7]
        )[0]
        clerk = (
            self.people.officers[self.station.code]
            if channel in {Channel.DESK, Channel.PHONE, Channel.RECEPTION}
            else None
        )
        is_anonymous = random.random() < 0.3
        body = self.fill(self.kind.body) + random.choice(matters.HOPE)
        return intake.raise_opinion(
            station=self.station,
            words=intake.Words(title=self.fill(self.kind.title), body=body),
            place=intake.Place(community=self.community.code, note=self.words["where"]),
            author=intake.Author(is_anonymous=True)
            if is_anonymous
            else intake.Author(name=random.choice(["张先生", "李女士", "王阿姨", "陈师傅", "刘同学", "赵大爷"])),
            channel=channel,
            nonce=nonce,
            by=clerk or audit.Actor(kind="author", name="反映人"),
            at=self.at,
            entered_by=clerk,
        ).opinion

    def be_joined(self) -> None:
        """Now and then neighbours stand behind a matter instead of writing it again."""
        if self.random.random() >= 0.05:
            return
        for neighbour in range(self.random.randint(1, 4)):
            self.at = min(self.at + timedelta(minutes=self.random.randint(5, 90)), self.now)
            joining.join(
                self.opinion,
                author=intake.ANONYMOUS,
                note=self.random.choice(matters.NEIGHBOURS_WORDS),
                nonce=nonce_of(f"{self.number:06}-{neighbour}"),
                at=self.at,
            )

    def fresh(self) -> Opinion:
        return Opinion.objects.select_related("deputy__account", "unit", "station").get(
            jurisdiction=self.opinion.jurisdiction, pk=self.opinion.pk
        )

"""Deputies: who they are, the seats they hold, and the stations that they are attached to."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import pinyin, text
from jiazhan.people import crypto, phones
from jiazhan.people.models import Account, AccountKind, Deputy, Mandate, StationAttachment
from jiazhan.places.models import Constituency, Station, StationStatus, Term

from . import accounts
from .recording import record_about


class DeputyRefused(Exception):
    """The deputy cannot be entered, seated or attached as asked; the message says why."""

    code = "deputy-refused"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What is said of a deputy beside the name. Empty parts leave what is there."""

    gender: str = ""
    employer: str = ""
    specialities: str = ""
    introduction: str = ""


@transaction.atomic
def enrol(name: str, *, phone: str = "", profile: Profile, area: str, by: audit.Acting, at: datetime) -> Deputy:
    """Enter a person as a deputy, with an account where a phone is given, so that the person can log in.

    An account of that phone which is a resident's, or staff of the same name, becomes the deputy's. Raises DeputyRefused
    for an empty name, and what accounts.create_account raises.
    """
    name = text.clean_line(name)
    if not name:
        raise DeputyRefused(_("请填写代表姓名。"))
    deputy = Deputy(name=name[:40], pinyin=pinyin.spell(name).full[:120])
    _fill(deputy, profile)
    deputy.save(force_insert=True)
    record_about(deputy, "deputy.enrolled", area=area, by=by, at=at, detail={"name": name})
    return open_account(deputy, phone=phone, area=area, by=by, at=at) if phone else deputy


@transaction.atomic
def open_account(deputy: Deputy, *, phone: str, area: str, by: audit.Acting, at: datetime) -> Deputy:
    """Let a deputy log in by a phone. Raises DeputyRefused where there is an account, and what create_account raises."""
    deputy = Deputy.objects.select_for_update().get(pk=deputy.pk)
    if deputy.account_id:
        raise DeputyRefused(_("%(name)s已经有账号了。") % {"name": deputy.name})
    deputy.account = _account_of(deputy.name, phone) or accounts.create_account(
        AccountKind.DEPUTY, name=deputy.name, phone=phone, area=area, by=by, at=at
    )
    deputy.save(update_fields=["account"])
    return deputy


@transaction.atomic
def describe(deputy: Deputy, profile: Profile, *, area: str, by: audit.Acting, at: datetime) -> list[str]:
    """Take over the parts of a profile that say something new; returns which. Nothing new leaves no entry."""
    deputy = Deputy.objects.select_for_update().get(pk=deputy.pk)
    if changed := _fill(deputy, profile):
        deputy.save(update_fields=changed)
        record_about(deputy, "deputy.described", area=area, by=by, at=at, detail={"fields": changed})
    return changed


@transaction.atomic
def seat(
    deputy: Deputy,
    term: Term,
    *,
    constituency: Constituency | None = None,
    starts_on: date,
    area: str,
    by: audit.Acting,
    at: datetime,
) -> Mandate:
    """Give a deputy a seat in a term. Raises DeputyRefused where the deputy holds one in it, where the constituency belongs to
    another term or has no seat left, and for a day outside the term."""
    if deputy.mandates.filter(term=term).exists():
        raise DeputyRefused(_("%(name)s已经是%(term)s的代表。") % {"name": deputy.name, "term": term})
    if not term.starts_on <= starts_on < term.ends_on:
        raise DeputyRefused(_("当选日期不在%(term)s的任期内。") % {"term": term})
    if constituency is not None:
        constituency = Constituency.objects.select_for_update().get(pk=constituency.pk)
        if constituency.term_id != term.pk:
            raise DeputyRefused(_("选区%(name)s不属于%(term)s。") % {"name": constituency.name, "term": term})
        if constituency.mandates.filter(status__in=["active", "suspended"]).count() >= constituency.seats:
            said = {"name": constituency.name, "seats": constituency.seats}
            raise DeputyRefused(_("选区%(name)s应选 %(seats)s 名，已经满额。") % said)
    mandate = Mandate.objects.create(deputy=deputy, term=term, constituency=constituency, starts_on=starts_on)
    record_about(mandate, "mandate.begun", area=area, by=by, at=at, detail={"name": deputy.name, "term": str(term)})
    return mandate


@transaction.atomic
def attach(deputy: Deputy, station: Station, *, starts_on: date, by: audit.Acting, at: datetime) -> StationAttachment:
    """Place a deputy at a station, whatever the level of the mandate (代表法第28条), or return the placement that runs.

    Raises DeputyRefused for a closed station.
    """
    if station.status == StationStatus.CLOSED:
        raise DeputyRefused(_("%(station)s已撤并，请另选一个站点。") % {"station": station.name})
    Deputy.objects.select_for_update().get(pk=deputy.pk)
    if present := deputy.attachments.filter(station=station, ends_on=None).first():
        return present
    attachment = StationAttachment.objects.create(deputy=deputy, station=station, starts_on=starts_on)
    detail = {"name": deputy.name, "station": station.name}
    record_about(attachment, "deputy.attached", area=station.jurisdiction, by=by, at=at, detail=detail)
    return attachment


@transaction.atomic
def detach(attachment: StationAttachment, *, on: date, by: audit.Acting, at: datetime) -> StationAttachment:
    """End a placement with a day. Raises DeputyRefused where it ended before."""
    attachment = (
        StationAttachment.objects.select_for_update(of=("self",))
        .select_related("station", "deputy")
        .get(pk=attachment.pk)
    )
    if attachment.ends_on is not None:
        raise DeputyRefused(_("%(name)s已经调出这个站点。") % {"name": attachment.deputy.name})
    attachment.ends_on = on
    attachment.save(update_fields=["ends_on"])
    detail = {"name": attachment.deputy.name, "station": attachment.station.name}
    record_about(attachment, "deputy.detached", area=attachment.station.jurisdiction, by=by, at=at, detail=detail)
    return attachment


def _account_of(name: str, phone: str) -> Account | None:
    """The account that already has the phone and may become this deputy's; creating another one says what is wrong else."""
    account = Account.objects.select_for_update().filter(phone_digest=crypto.digest(phones.normalise(phone))).first()
    if account is None or hasattr(account, "deputy"):
        return None
    if account.kind == AccountKind.RESIDENT:
        account.kind, account.name = AccountKind.DEPUTY, name
        account.save(update_fields=["kind", "name"])
        return account
    return account if account.name == name else None


def _fill(deputy: Deputy, profile: Profile) -> list[str]:
    said = {
        "gender": profile.gender, "employer": text.clean_line(profile.employer)[:120],
        "specialities": text.clean_line(profile.specialities)[:200], "introduction": text.clean(profile.introduction),
    }  # fmt: skip
    changed = [name for name, value in said.items() if value and getattr(deputy, name) != value]
    for name in changed:
        setattr(deputy, name, said[name])
    return changed

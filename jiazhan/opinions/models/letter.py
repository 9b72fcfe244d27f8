"""The transfer letter (转办函) and the officials' opinions and signatures on it (handbook §3.2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiazhan.documents.models import Document
from jiazhan.kernel.jurisdiction import JurisdictionForeignKey, JurisdictionModel
from jiazhan.people.models import Account, Unit

from ..states import Track
from .opinion import Opinion


class Official(models.TextChoices):
    VICE_DIRECTOR = "vice_director", _("副主任")
    DIRECTOR = "director", _("主任")


class OfficialOpinion(JurisdictionModel):
    """The word of the street congress office's vice director or director, signed."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="official_opinions")
    official = models.CharField(_("职务"), max_length=14, choices=Official)
    text = models.TextField(_("意见"))
    signed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("签名时间"))

    class Meta:
        verbose_name = _("街道意见")
        constraints = [models.CheckConstraint(name="opinions_official_text", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:40]


class Review(JurisdictionModel):
    """The review by an organ of the county congress: approved, or rejected with a reason and a way on (§14 rule 8)."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="reviews")
    reviewed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    is_approved = models.BooleanField(_("同意转办"))
    text = models.TextField(_("审核意见"))
    way_on = models.CharField(_("去向"), max_length=200, blank=True)
    signed_at = models.DateTimeField(_("签名时间"))

    class Meta:
        verbose_name = _("审核意见")
        constraints = [
            models.CheckConstraint(
                name="opinions_review_rejected", condition=Q(is_approved=True) | ~Q(text="") & ~Q(way_on="")
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


class TransferLetter(JurisdictionModel):
    """The letter that carries an opinion to whoever must act. One in force for each opinion and track."""

    opinion = JurisdictionForeignKey(Opinion, models.CASCADE, related_name="letters")
    track = models.CharField(_("路径"), max_length=10, choices=Track)
    # 站码-年-流水
    number = models.CharField(_("编号"), max_length=40)
    # The standing committee's office numbers it when it goes to the government (文号).
    office_number = models.CharField(_("文号"), max_length=60, blank=True)
    addressee = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("转送单位"))
    copies_to = models.JSONField(_("抄送"), default=list)
    document = JurisdictionForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(_("发出"))
    issued_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    forwarded_at = models.DateTimeField(_("转政府办"), null=True, blank=True)
    government_received_on = models.DateField(_("政府办收文日"), null=True, blank=True)
    received_on = models.DateField(_("承办单位收文日"), null=True, blank=True)
    archive_number = models.CharField(_("归档号"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("群众意见转办函")
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "number"], name="opinions_letter_number"),
            models.UniqueConstraint(
                fields=["jurisdiction", "office_number"],
                condition=~Q(office_number=""),
                name="opinions_letter_office_number",
            ),
        ]

    def __str__(self) -> str:
        return self.number

"""What differs from place to place about files."""

from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.parameters import declare

ERASE_AFTER = declare(
    "documents.erase_after_days", 30, label=_("撤下的附件多久后彻底删除"), unit=_("天"), source="个保法第19、47条"
)

"""Files of a legal act that came back from outside: the signed scan, and the text as the legal office corrected it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lindung.enrolment.changes import Amendment
from lindung.enrolment.models import Determination
from lindung.registry.models import StoredFile, User


class ActFile(models.Model):
    """One file of a determination, of minutes or of an amendment, told by its hash. Never changed."""

    KINDS = [("signed", _("Signed scan")), ("corrected", _("Corrected text"))]

    determination = models.ForeignKey(
        Determination, on_delete=models.PROTECT, null=True, related_name="act_files"
    )
    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, null=True, related_name="act_files")
    kind = models.CharField(max_length=10, choices=KINDS)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=240)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="act_file_of_one_act",
                condition=Q(determination__isnull=False, amendment__isnull=True)
                | Q(determination__isnull=True, amendment__isnull=False),
                violation_error_message=_("A file belongs to one act."),
            ),
            models.UniqueConstraint(
                fields=["determination", "amendment", "file"], name="act_file_once", nulls_distinct=False
            ),
        ]

"""What hangs on a document of the register: its stages, scans, ties to other documents, and what must follow by when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lindung.registry.models import Document, StoredFile, User

# as offices call them; an adendum changes an agreement, a decree has a Perubahan
KINDS = {
    "perda": "Perda", "pergub": "Pergub", "perbup": "Perbup", "perwal": "Perwal", "keputusan": "Keputusan",
    "instruksi": "Instruksi", "se": "Surat Edaran", "mou": "Nota Kesepakatan (MoU)", "pks": "PKS",
    "adendum": "Adendum PKS", "surat": "Surat",
}  # fmt: skip
STAGES = {
    "rancangan": _("Draft"), "harmonisasi": _("Being harmonised"), "fasilitasi": _("With the province"),
    "ditetapkan": _("Enacted"), "diundangkan": _("Promulgated"), "ditandatangani": _("Signed"),
    "diubah": _("Amended"), "berakhir": _("Ended"), "dicabut": _("Repealed"),
}  # fmt: skip
OVER = ("berakhir", "dicabut")


class DocumentStage(models.Model):
    """A stage that a document reached on a day."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="stages")
    status = models.CharField(max_length=20, choices=list(STAGES.items()))
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "status"], name="document_stage_once")]


class DocumentFile(models.Model):
    """A scan or text of a document as it came, told by its hash."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=240)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "file"], name="document_file_once")]


class DocumentLink(models.Model):
    """What one document does to another."""

    KINDS = [
        ("amends", _("changes")),
        ("repeals", _("repeals")),
        ("rests_on", _("rests on")),
        ("carries_out", _("carries out")),
    ]

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="links")
    kind = models.CharField(max_length=12, choices=KINDS)
    other = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="linked_from")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "kind", "other"], name="document_link_once"),
            models.CheckConstraint(
                name="document_link_to_another",
                condition=~Q(document=F("other")),
                violation_error_message=_("A document is tied to another one, not to itself."),
            ),
        ]


class FollowUp(models.Model):
    """What must be done because of a document, and until when."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="follow_ups")
    text = models.CharField(max_length=240)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["due_on"], name="follow_up_open", condition=Q(done_on=None))]

"""Lists that are mended: what the headers of a sender mean, cells corrected on screen, this month's list against an earlier one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Candidate, Membership, Roster
from lindung.registry.models import Unit, User


class HeaderMeaning(models.Model):
    """What a header means in the files of one sender, as somebody confirmed it; `column` is blank for one that is not used."""

    sender = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="headers")
    header = models.CharField(max_length=200)  # lower case, one space between words
    column = models.CharField(max_length=20, blank=True)
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "header"], name="header_meaning_once")]


class Correction(models.Model):
    """One cell of a list, old → new; the file itself stays as it came. Several of one moment were made together.

    The place is kept, not the candidate: when columns are read anew, candidates are written anew and corrections put on them.
    """

    SOURCES = [("typed", _("Typed in")), ("proposal", _("Proposal accepted"))]

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="corrections")
    sheet = models.CharField(max_length=120, null=True)
    row = models.IntegerField()
    column = models.CharField(max_length=20)
    old = models.TextField(null=True)
    new = models.TextField(null=True)
    source = models.CharField(max_length=8, choices=SOURCES)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["roster", "made_at"], name="correction_of_roster")]


class Comparison(models.Model):
    """This month's list against an earlier one of the same office, as somebody confirmed it."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="comparisons")
    before = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="+")
    last_day = models.DateField()  # of who left
    joined = models.IntegerField()
    left = models.IntegerField()
    changed = models.IntegerField()
    stayed = models.IntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["roster"], name="comparison_once", condition=Q(undone_at__isnull=True)
            )
        ]


class ComparisonLine(models.Model):
    """One person of a comparison: who came, left, or whose cells changed; and the movement it led to, if any."""

    KINDS = [("joined", _("Joined")), ("left", _("Left")), ("changed", _("Changed"))]

    comparison = models.ForeignKey(Comparison, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=8, choices=KINDS)
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, null=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    movement = models.ForeignKey(
        Movement, on_delete=models.PROTECT, null=True, related_name="comparison_lines"
    )
    changes = models.JSONField(default=dict)  # column → [old, new]

"""Who may be somebody else: pairs for a person to decide on, what was decided, and offices held beside another."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lindung.enrolment.models import Candidate
from lindung.registry.models import Person, Region, Scheme, User

PLACES = [
    ("list", _("Same list")),
    ("other_list", _("Another list")),
    ("member", _("A participant here")),
    ("payer", _("Another payer")),
    ("deaths", _("List of the dead")),
]
VERDICTS = [
    ("open", _("To be decided")),
    ("same", _("Same person")),
    ("different", _("Different people")),
    ("unsure", _("Not known yet")),
]


class Double(models.Model):
    """A row of a list and another record that is probably the same human. Nothing is merged: the verdict is a person's.

    `facts`: the other record as it stood (the compared columns, and where it stands). `why`: field → {level, weight}.
    `key` knows the two humans by what was told of them, not by their rows: a decision outlives the list.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="doubles")
    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="doubles"
    )  # the later row
    other = models.ForeignKey(Candidate, on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.CharField(max_length=10, choices=PLACES)
    facts = models.JSONField()
    probability = models.FloatField()
    certain = models.BooleanField()  # the model calls it the same person by itself
    why = models.JSONField()
    key = models.CharField(max_length=64)
    verdict = models.CharField(max_length=9, choices=VERDICTS, default="open")
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["scheme", "verdict", "-probability"], name="double_of_scheme")]
        constraints = [models.UniqueConstraint(fields=["candidate", "place", "key"], name="double_once")]

    @property
    def undecided(self) -> bool:
        return self.verdict in ("open", "unsure")

    @property
    def percent(self) -> int:
        """For people: 100 is never said of a probability."""
        return min(round(self.probability * 100), 99)


class DoubleDecision(models.Model):
    """What somebody said of two humans, once and for every list of the city; undone ones stay as history."""

    locality = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    key = models.CharField(max_length=64)
    verdict = models.CharField(max_length=9, choices=VERDICTS[1:])
    reason = models.CharField(max_length=240)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["locality", "key"], name="double_decision_once", condition=Q(undone_at__isnull=True)
            )
        ]


class SecondOffice(models.Model):
    """A row of somebody who holds another office of the scheme too (rangkap jabatan): that office pays.

    Such a row is neither rejected nor enrolled again; it counts as an office, not as a person.
    """

    candidate = models.OneToOneField(Candidate, on_delete=models.CASCADE, related_name="second_office")
    through = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="other_offices")
    noted_at = models.DateTimeField(auto_now_add=True)

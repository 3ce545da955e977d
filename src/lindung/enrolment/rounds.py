"""What people say to one another about a list, how many approve, and the yearly confirmation of every sender's list."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Candidate, Determination, Membership, Roster
from lindung.registry.models import Scheme, Unit, User

MOST_LEVELS = 3


class Comment(models.Model):
    """A word about a list, or about one row of it, between its sender and the programme office."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="comments")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, null=True, related_name="comments")
    text = models.CharField(max_length=1000)
    written_at = models.DateTimeField(auto_now_add=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["roster", "written_at"], name="comment_of_roster")]


class ApprovalLevels(models.Model):
    """How many people approve a determination of a scheme, one after another; one where nothing is set."""

    scheme = models.OneToOneField(Scheme, on_delete=models.PROTECT, related_name="approval_levels")
    levels = models.SmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST_LEVELS)])


class Approval(models.Model):
    """One level of the approval of a determination; the last one approves it."""

    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="approvals")
    level = models.SmallIntegerField()
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["determination", "level"], name="approval_level_once"),
            models.UniqueConstraint(fields=["determination", "approved_by"], name="approval_person_once"),
        ]


class Round(models.Model):
    """The confirmation of every sender's list before a new budget year (konfirmasi ulang)."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="rounds")
    year = models.SmallIntegerField()
    as_of = models.DateField()  # the members of this day are asked about
    due_on = models.DateField()
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "year"], name="round_once")]


class RoundAnswer(models.Model):
    """What a sender says of one member: stays, or what happened; the latter becomes a movement that is proposed."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="answers")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="round_answers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    stays = models.BooleanField()
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, null=True, related_name="round_answers")
    on_paper = models.BooleanField(default=False)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["round", "unit"], name="answer_of_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "membership"], name="round_answer_once", condition=Q(undone_at__isnull=True)
            )
        ]


class RoundReminder(models.Model):
    """A sender who had not answered was reminded."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reminders")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(auto_now_add=True)
    reminded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

"""Rosters, candidates and what the checks say of them, determinations, memberships, batches, cards."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lindung.base.month import Month
from lindung.registry.models import Person, Region, Scheme, SchemeVersion, StoredFile, Unit, User


class Roster(models.Model):
    """A list of proposed people as one office sent it (daftar usulan)."""

    STATES = [
        ("received", _("Received")),
        ("checking", _("Being checked")),
        ("checked", _("Checked")),
        ("proposed", _("Proposed")),
        ("withdrawn", _("Withdrawn")),
        ("refused", _("Refused")),
    ]

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="rosters")
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT)
    sender = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rosters")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    on = models.DateField()
    state = models.CharField(max_length=10, choices=STATES, default="received")
    received_at = models.DateTimeField(auto_now_add=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    mapping = models.JSONField(default=dict)
    people = models.IntegerField(default=0)
    clean = models.IntegerField(default=0)
    errors = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    refusal = models.JSONField(null=True)
    columns = models.JSONField(
        default=list
    )  # every column of the file, as `intake.columns.described` tells them
    mapped_at = models.DateTimeField(null=True)  # when somebody confirmed what the columns are
    mapped_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    revision = models.IntegerField(default=0)  # grows with every change of its findings
    # as the file came, before anything was corrected on screen; -1 in records from before it was kept
    first_clean = models.IntegerField(default=-1)
    first_doubtful = models.IntegerField(default=-1)  # people without errors, but with something to look at

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "file"],
                name="roster_once",
                condition=~Q(state__in=["withdrawn", "refused"]),
            )
        ]


class Candidate(models.Model):
    """One person row of a roster, cleaned, with its verification result and what a person decided on it."""

    RESULTS = [
        ("layak", _("Eligible")),
        ("tidak_layak", _("Not eligible")),
        ("perlu_klarifikasi", _("To be clarified")),
    ]
    REVIEWS = [
        ("pending", _("Waiting for review")),
        ("accepted", _("Accepted")),
        ("rejected", _("Rejected")),
        ("returned", _("Sent back")),
        ("waiting", _("Waiting list")),
        (
            "second",
            _("Covered through another office"),
        ),  # rangkap jabatan: the scheme's order says which pays
        ("member", _("A member already")),  # of an earlier list of the same office
    ]

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="candidates")
    sheet = models.CharField(max_length=120, null=True)
    row = models.IntegerField()
    nik = models.CharField(max_length=16, null=True)
    name = models.CharField(max_length=160, null=True)
    birth_date = models.DateField(null=True)
    birth_place = models.CharField(max_length=80, null=True)
    sex = models.CharField(max_length=1, null=True)
    mother_name = models.CharField(max_length=160, null=True)
    address = models.CharField(max_length=240, null=True)
    rt = models.SmallIntegerField(null=True)
    rw = models.SmallIntegerField(null=True)
    kelurahan = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    phone = models.CharField(max_length=20, null=True)
    kk_number = models.CharField(max_length=20, null=True)
    category = models.CharField(max_length=60, null=True)
    occupation = models.CharField(max_length=120, null=True)
    wage = models.BigIntegerField(null=True)
    start_date = models.DateField(null=True)
    raw = models.JSONField()
    result = models.CharField(max_length=20, choices=RESULTS)
    review = models.CharField(max_length=10, choices=REVIEWS, default="pending")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    review_reason = models.CharField(max_length=240, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["roster", "review"], name="candidate_of_roster"),
            models.Index(fields=["nik"], name="candidate_nik"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "sheet", "row"], name="candidate_once", nulls_distinct=False
            )
        ]


class Finding(models.Model):
    """Something wrong or doubtful in one cell or row of a roster (catatan)."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="findings")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, null=True, related_name="findings")
    sheet = models.CharField(max_length=120, null=True)
    row = models.IntegerField(null=True)
    column = models.CharField(max_length=20, null=True)
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=8)
    value = models.TextField(null=True)
    args = models.JSONField(null=True)
    article = models.CharField(max_length=160, null=True)
    proposal = models.CharField(max_length=240, null=True)

    class Meta:
        indexes = [models.Index(fields=["roster", "code"], name="finding_of_roster")]


class Check(models.Model):
    """A file to the BPJS branch, Disdukcapil or Dinsos before the determination (pra-verifikasi)."""

    CHECKERS = [("bpjs", _("BPJS branch")), ("disdukcapil", _("Disdukcapil")), ("dinsos", _("Dinsos"))]

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="checks")
    checker = models.CharField(max_length=12, choices=CHECKERS)
    number = models.IntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)
    sent_on = models.DateField(null=True)  # the day it left; `sent_at` in records from before it was kept
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answer_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)
    officer = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "checker", "number"], name="check_number_once")
        ]


class CheckRow(models.Model):
    check_sent = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="rows", db_column="check_id")
    line = models.IntegerField()
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="check_rows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["check_sent", "line"], name="check_line_once")]


class CheckAnswer(models.Model):
    """What the checker said of one row, once: who answered when, in which file (null: as the check's, kept before)."""

    row = models.OneToOneField(CheckRow, on_delete=models.PROTECT, related_name="answer")
    passed = models.BooleanField()
    reason = models.CharField(max_length=240, null=True)
    answered_on = models.DateField(null=True)
    officer = models.CharField(max_length=160, null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")


def last_day(first: date, until: date | None) -> date:
    """Where a period that names no end stops counting: with the budget's year."""
    return until or date(first.year, 12, 31)


class Determination(models.Model):
    """The legal act that names people: a mayor's decree with its annexes, or an office's own appointment."""

    STATES = [
        ("proposed", _("Proposed")),
        ("verified", _("Verified")),
        ("approved", _("Approved")),
        ("signed", _("Determined")),
        ("cancelled", _("Cancelled")),
    ]

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="determinations")
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT)
    track = models.CharField(max_length=12)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="determinations")
    sequence = models.IntegerField()
    number = models.CharField(max_length=80, blank=True)
    dated = models.DateField(null=True)
    signer = models.CharField(max_length=160, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    people = models.IntegerField()
    monthly = models.BigIntegerField()
    total = models.BigIntegerField()
    law_version = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=STATES, default="proposed")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    audit_head = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "track", "unit", "sequence"],
                name="determination_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="determination_maker_is_not_checker",
                condition=~Q(approved_by=models.F("proposed_by")) & ~Q(approved_by=models.F("verified_by")),
                violation_error_message=_("Nobody approves what they proposed or verified."),
            ),
        ]

    @property
    def months(self) -> int:
        return Month.of(last_day(self.starts_on, self.ends_on)) - Month.of(self.starts_on) + 1


class DeterminationLine(models.Model):
    """One person named in a determination, with what the budget pays for the first month and for the whole period.

    `whole` is null in records from before it was kept: then each month costs what the first does.
    """

    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="lines")
    number = models.IntegerField()
    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="line")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    category = models.CharField(max_length=60)
    wage = models.BigIntegerField(null=True)
    monthly = models.BigIntegerField(null=True)
    whole = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["determination", "number"], name="determination_line_once")
        ]


class Membership(models.Model):
    """A person covered by one payer for a period. Cover begins with the registration and the first payment."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="memberships")
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, db_index=False)
    line = models.OneToOneField(
        DeterminationLine, on_delete=models.PROTECT, related_name="membership", null=True
    )
    category = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    kelurahan = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    payer = models.CharField(max_length=12)
    segment = models.CharField(max_length=5)
    programmes = models.CharField(max_length=20)  # "JKK,JKM", in the order JKK JKM JHT JP
    wage = models.BigIntegerField(null=True)
    risk_class = models.CharField(max_length=3, null=True)
    sector = models.CharField(max_length=10, default="other")
    determined_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=40, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["scheme", "unit", "starts_on"], name="membership_of_unit"),
            models.Index(fields=["scheme", "ends_on"], name="membership_end"),
        ]
        constraints = [
            models.CheckConstraint(
                name="membership_period",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("A membership cannot end before it starts."),
            )
        ]


class Batch(models.Model):
    """The file sent to one BPJS branch for one payer (berkas BPJS)."""

    STATES = [
        ("prepared", _("Prepared")),
        ("sent", _("Sent")),
        ("answered", _("Answered")),
        ("withdrawn", _("Withdrawn")),
    ]

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="batches")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="batches")
    branch = models.CharField(max_length=80)
    format = models.CharField(max_length=20)
    number = models.IntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    people = models.IntegerField()
    state = models.CharField(max_length=10, choices=STATES, default="prepared")
    prepared_at = models.DateTimeField(auto_now_add=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField(null=True)
    answered_on = models.DateField(null=True)
    mend_by = models.DateField(null=True)  # until when rejected rows are mended, where it was set

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "unit", "number"], name="batch_number_once")]


class BatchRow(models.Model):
    """One line of a batch exactly as it was sent."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows")
    line = models.IntegerField()
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="batch_rows")
    nik = models.CharField(max_length=16)
    payload = ArrayField(models.TextField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="batch_line_once")]


class BatchAnswer(models.Model):
    """What BPJS said of one line: accepted with a KPJ, or rejected with a reason. Never changed."""

    row = models.OneToOneField(BatchRow, on_delete=models.PROTECT, related_name="answer")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField()
    reason = models.CharField(max_length=240, null=True)

    class Meta:
        indexes = [
            models.Index("row", condition=models.Q(accepted=False), name="answer_rejected")
        ]  # few of many


class Registration(models.Model):
    """A membership that BPJS took: its number (KPJ) and the day."""

    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="registration")
    kpj = models.CharField(max_length=11, db_index=True)
    registered_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="kpj_11_digits",
                condition=Q(kpj__regex=r"^[0-9]{11}$"),
                violation_error_message=_("A KPJ has 11 digits."),
            )
        ]


class CardRun(models.Model):
    """One printing of cards, with its file."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="card_runs")
    title = models.CharField(max_length=160)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    receipts = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    printed_at = models.DateTimeField(auto_now_add=True)
    printed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    cards = models.IntegerField()


class Card(models.Model):
    """A card in somebody's hand or on its way (kartu tanda terdaftar)."""

    run = models.ForeignKey(CardRun, on_delete=models.PROTECT, related_name="items")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="cards")
    key_id = models.CharField(max_length=8)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    handed_on = models.DateField(null=True)
    received_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "membership"], name="card_once_a_run")]

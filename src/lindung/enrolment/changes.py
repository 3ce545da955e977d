"""What changes after the determination: movements, and the minutes and amendments that collect them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lindung.enrolment.models import Batch, Candidate, Determination, Membership
from lindung.registry.models import Scheme, User

# kinds that end a membership → the reason kept on it
ENDING = {
    "replaced": "left_office", "left": "resigned", "died": "died", "moved": "moved", "became_asn": "became_asn",
    "became_pppk": "became_pppk", "other_payer": "other_payer", "contract_ended": "contract_ended",
}  # fmt: skip
# as it stands in files and papers, which are in Indonesian whatever the screen speaks (UU 24/2009 Pasal 27)
REASONS = {
    "joined": "Masuk", "replaced": "Diganti", "left": "Berhenti", "died": "Meninggal dunia", "moved": "Pindah",
    "became_asn": "Menjadi ASN", "became_pppk": "Menjadi PPPK", "other_payer": "Pindah penanggung",
    "contract_ended": "Kontrak berakhir", "wage_changed": "Upah berubah", "pppk_part_time": "Menjadi PPPK paruh waktu",
    "turned_65": "Berusia 65 tahun",
}  # fmt: skip
NOTICES = ("pppk_part_time", "turned_65")  # said and kept; the membership stays as it is


class Movement(models.Model):
    """Something that happened to a member, or somebody who comes in: proposed, then confirmed by another person.

    `happened_on` is the last day of cover of who leaves, and the first day of who comes in or earns another wage.
    """

    KINDS = [
        ("joined", _("Joined")),
        ("replaced", _("Left office, replaced")),
        ("left", _("Left")),
        ("died", _("Died")),
        ("moved", _("Moved away")),
        ("became_asn", _("Became a civil servant (ASN)")),
        ("became_pppk", _("Became PPPK")),
        ("other_payer", _("Covered by another payer")),
        ("contract_ended", _("Contract ended")),
        ("wage_changed", _("Wage changed")),
        ("pppk_part_time", _("Became part-time PPPK, stays a member")),
        ("turned_65", _("Turned 65, stays a member")),
    ]
    STATES = [("proposed", _("Proposed")), ("confirmed", _("Confirmed")), ("declined", _("Declined"))]
    SOURCES = [
        ("person", _("Typed in")),
        ("list", _("From a list")),
        ("deaths", _("Death list")),
        ("clock", _("Clock")),
        ("waiting", _("Waiting list")),
    ]
    OUTCOMES = [
        ("registration", _("Registration file")),
        ("determination", _("Next determination")),
        ("deactivation", _("Deactivation file")),
        ("leavers", _("List of leavers")),
        ("wages", _("Wage file")),
        ("claim", _("Claim of the family")),
        ("none", _("No file")),
    ]

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=16, choices=KINDS)
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="movements"
    )  # who leaves or changes
    candidate = models.ForeignKey(
        Candidate, on_delete=models.PROTECT, null=True, related_name="movements"
    )  # who comes in
    replaces = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="replacements")
    instead_of = models.ForeignKey(
        Candidate, on_delete=models.PROTECT, null=True, related_name="replacements"
    )
    successor = models.OneToOneField(Membership, on_delete=models.PROTECT, null=True, related_name="origin")
    happened_on = models.DateField()
    basis = models.CharField(max_length=240)
    wage = models.BigIntegerField(null=True)
    source = models.CharField(max_length=10, choices=SOURCES)
    state = models.CharField(max_length=10, choices=STATES, default="proposed")
    outcome = models.CharField(max_length=14, choices=OUTCOMES, blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="movements")
    proposed_at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField(null=True)
    # {"ends_on", "review"}: what the confirmation changed, to take it back; null when it was confirmed before this was kept
    before = models.JSONField(null=True)
    decline_reason = models.CharField(max_length=240, blank=True)

    class Meta:
        indexes = [models.Index(fields=["scheme", "state", "confirmed_on"], name="movement_of_scheme")]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "kind", "happened_on"],
                name="movement_once",
                condition=Q(state__in=["proposed", "confirmed"]),
            ),
            models.UniqueConstraint(
                fields=["membership"],
                name="movement_open_once",
                condition=Q(state="proposed") & ~Q(kind__in=NOTICES),
            ),
            models.UniqueConstraint(
                fields=["candidate"],
                name="movement_candidate_once",
                condition=Q(state__in=["proposed", "confirmed"]),
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                name="movement_replaces_once",
                condition=Q(state__in=["proposed", "confirmed"]),
            ),
            models.UniqueConstraint(
                fields=["instead_of"],
                name="movement_instead_once",
                condition=Q(state__in=["proposed", "confirmed"]),
            ),
            models.CheckConstraint(
                name="movement_of_somebody",
                condition=Q(kind="joined", candidate__isnull=False, membership__isnull=True)
                | (~Q(kind="joined") & Q(membership__isnull=False, candidate__isnull=True)),
                violation_error_message=_("A movement concerns one person."),
            ),
        ]


class Amendment(models.Model):
    """Confirmed movements on paper: a month's minutes (BA Perubahan Data), or a Perubahan of the decree that collects them."""

    KINDS = [("minutes", _("Minutes of changes")), ("amendment", _("Amendment of the decree"))]
    STATES = [("prepared", _("Prepared")), ("signed", _("Signed")), ("cancelled", _("Cancelled"))]

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="amendments")
    kind = models.CharField(max_length=10, choices=KINDS)
    sequence = models.SmallIntegerField()  # Perubahan Kesatu is 1
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="amendments")
    through = models.DateField()  # movements confirmed up to this day
    as_of = models.DateField()  # the recap after the change is of this day
    number = models.CharField(max_length=80, blank=True)
    dated = models.DateField(null=True)
    signer = models.JSONField(default=dict)  # the fields of papers.paper.Signatory
    state = models.CharField(max_length=10, choices=STATES, default="prepared")
    changes = models.IntegerField()
    left = models.IntegerField()
    joined = models.IntegerField()
    people = models.IntegerField()
    prepared_at = models.DateTimeField(auto_now_add=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    audit_head = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "kind", "sequence"],
                name="amendment_once",
                condition=~Q(state="cancelled"),
            )
        ]


class AmendmentLine(models.Model):
    """One movement in one paper of each kind."""

    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=10)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="lines")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "movement"], name="movement_in_one_paper")]

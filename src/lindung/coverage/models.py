"""How many people there are to protect: what coverage is measured against."""

from __future__ import annotations

from django.db import models

from lindung.registry.models import Scheme


class Target(models.Model):
    """People to be covered per unit or kelurahan, and per category within; from a source on a date."""

    DIMENSIONS = [("unit", "unit"), ("kelurahan", "kelurahan")]

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="targets")
    dimension = models.CharField(max_length=10, choices=DIMENSIONS)
    group = models.CharField(max_length=60)
    category = models.CharField(max_length=60, blank=True)
    number = models.IntegerField()
    source = models.CharField(max_length=240)
    as_of = models.DateField()
    invented = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "dimension", "group", "category", "as_of"], name="target_once"
            )
        ]


class Apart(models.Model):
    """People a regulation names whom BPJS cannot take (65 and older …): listed apart, never a gap."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="apart")
    category = models.CharField(max_length=60)
    group = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=60)
    number = models.IntegerField()
    as_of = models.DateField()

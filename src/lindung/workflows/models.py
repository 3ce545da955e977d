"""Background work: what was asked for, how far it is, and how it ended."""

from __future__ import annotations

from django.db import models

from lindung.registry.models import StoredFile, User


class Job(models.Model):
    STATES = [
        ("queued", "queued"),
        ("running", "running"),
        ("done", "done"),
        ("failed", "failed"),
        ("stopped", "stopped"),
    ]

    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=8, choices=STATES, default="queued")
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    stop = models.BooleanField(default=False)  # somebody asked for it to end
    seen = models.BooleanField(default=False)  # its end was looked at by who asked
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    error = models.JSONField(null=True)
    result = models.JSONField(null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                name="job_once_at_a_time",
                condition=models.Q(state__in=["queued", "running"]),
            )
        ]

"""Fields that read what people type: money with dots, dates day first, months, files of a sane size."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from lindung.base.money import LARGEST, rupiah
from lindung.base.month import Month, plausible
from lindung.base.refused import Refused
from lindung.registry.reveal import FIELDS, REASONS

UPLOAD_LIMIT = 200 * 1024 * 1024


class RupiahField(forms.Field):
    """Rp1.234.567, 1.234.567 or 1234567 → 1234567."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        text = re.sub(r"(?i)^rp|[\s.]", "", str(value or ""))
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,30}", text):
            raise ValidationError(gettext("Write whole rupiah, like 1.500.000."))
        if int(text) > LARGEST:
            raise ValidationError(str(Refused("form.amount_too_large", {"most": rupiah(LARGEST)})))
        return int(text)


class DayField(forms.Field):
    """A date from the browser's own field or typed as 17-08-1970."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        if found := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text):
            text = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
        try:
            return plausible(datetime.strptime(text, "%Y-%m-%d").date())  # noqa: DTZ007 (a day has no zone)
        except Refused as problem:
            raise ValidationError(str(problem)) from None
        except ValueError:
            raise ValidationError(str(Refused("form.date_unreadable", {"value": text[:20]}))) from None


class MonthField(forms.Field):
    widget = forms.TextInput(attrs={"type": "month"})

    def to_python(self, value: Any) -> Month | None:
        if not value:
            return None
        try:
            return Month.of(plausible(Month.parse(str(value)).first))
        except Refused as problem:
            raise ValidationError(str(problem)) from None


class UploadField(forms.FileField):
    """A file of at most 200 MB. What is in it is the business of the room that reads it."""

    def __init__(self, **options: Any) -> None:
        kinds = options.pop("kinds", ".xlsx,.xls,.csv,.ods,.tsv")
        options.setdefault("widget", forms.FileInput(attrs={"accept": kinds}))
        super().__init__(**options)
        self.error_messages["required"] = _("No file was chosen.")

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > UPLOAD_LIMIT:
            raise ValidationError(str(Refused("upload.too_large", {"file": file.name, "limit": "200 MB"})))
        return file


def content(upload: Any) -> bytes:
    """The bytes of an upload whose size the form has seen: never more than the limit."""
    read: bytes = upload.read(UPLOAD_LIMIT)
    return read


class RosterForm(forms.Form):
    sender = forms.ChoiceField(label=_("Sent by"))
    on = DayField(label=_("Day of the list"), help_text=_("Ages and cover are checked on this day."))
    replaces = forms.ChoiceField(
        label=_("Corrected copy of"),
        required=False,
        help_text=_("The list before gives way to it; only what changed has to be looked at."),
    )
    file = UploadField(
        label=_("File"), help_text=_("Excel (.xlsx, .xls), .ods or .csv, as it is; up to 200 MB.")
    )


class AnswerForm(forms.Form):
    file = UploadField(label=_("Answer"))
    on = DayField(label=_("Date of the answer"))


class TemplateForm(forms.Form):
    file = UploadField(label=_("Blank template of BPJS"), kinds=".xlsx,.xls", help_text=_(
        "As it was downloaded, without people in it; its name stays, its other sheets stay as they are."))  # fmt: skip


class CheckAnswerForm(AnswerForm):
    officer = forms.CharField(label=_("Officer who answered"), max_length=160)


class SignForm(forms.Form):
    number = forms.CharField(
        label=_("Number"), max_length=80, help_text=_("As it stands on the signed document.")
    )
    dated = DayField(label=_("Date"))
    signer = forms.CharField(label=_("Signed by"), max_length=160)


class BillForm(forms.Form):
    code = forms.CharField(label=_("Kode iuran"), max_length=20)
    amount = RupiahField(label=_("Amount"))
    pay_by = DayField(label=_("Pay by"))
    received_on = DayField(label=_("Received on"))
    file = UploadField(label=_("File of the bill"), required=False, kinds=".pdf,.xlsx,.csv,.jpg,.png")


class PaymentForm(forms.Form):
    number = forms.CharField(label=_("Number"), max_length=80)
    dated = DayField(label=_("Date"))
    amount = RupiahField(label=_("Amount"))
    file = UploadField(label=_("Scan"), required=False, kinds=".pdf,.jpg,.png")


class BudgetForm(forms.Form):
    unit = forms.ChoiceField(label=_("SKPD"))
    year = forms.IntegerField(label=_("Year"), min_value=2015, max_value=2100)
    account_code = forms.CharField(label=_("Account code"), max_length=40)
    amount = RupiahField(label=_("Amount"))


class EndForm(forms.Form):
    on = DayField(label=_("Last day of the membership"))
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            ("died", _("Died")),
            ("moved", _("Moved away")),
            ("became_asn", _("Became a civil servant")),
            ("left_office", _("Left the office held")),
            ("resigned", _("Resigned")),
            ("double", _("Registered twice")),
            ("rejected_by_bpjs", _("Rejected by BPJS")),
            ("other_payer", _("Somebody else pays now")),
        ],
    )


class LawForm(forms.Form):
    """Which day's law, of which topic."""

    per = DayField(label=_("In force on"))
    topik = forms.ChoiceField(label=_("Topic"), required=False, choices=[
        ("", _("All topics")), ("contribution", _("Contributions")), ("benefit", _("Benefits")), ("clock", _("Clocks")),
        ("payment", _("Payment")), ("duty", _("Duties"))])  # fmt: skip
    belum_pasti = forms.BooleanField(label=_("Only what is not sure yet"), required=False)


class RevealForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="show-%s", **kwargs)

    field = forms.ChoiceField(
        label=_("What to show"), choices=[(key, gettext_lazy(text)) for key, text in FIELDS.items()]
    )
    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("", "–"), *((key, gettext_lazy(text)) for key, text in REASONS.items())]
    )
    words = forms.CharField(
        label=_("What it is for, in a few words"), min_length=5, max_length=200, strip=True
    )


class CheckMeForm(forms.Form):
    nik = forms.CharField(label="NIK", help_text=_("16 digits, see the identity card"), max_length=25,
                          widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))  # fmt: skip
    tail = forms.CharField(label=_("Last six digits of the family card (KK) number or of the KPJ"), max_length=8,
                           widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))  # fmt: skip

    def clean_nik(self) -> str:
        digits = re.sub(r"\D", "", self.cleaned_data["nik"])
        if len(digits) != 16:
            raise ValidationError(gettext("A NIK has 16 digits."))
        return digits

    def clean_tail(self) -> str:
        digits = re.sub(r"\D", "", self.cleaned_data["tail"])
        if len(digits) != 6:
            raise ValidationError(gettext("Six digits are needed."))
        return digits

"""Kinds of notes in a few words, for filters and counts: the sentence of a note needs its details, a kind has none."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lindung.base.messages import sentence

KINDS = {
    "office.second": _("Holds another office too"), "person.same_person": _("Decided to be somebody already there"),
    "nik.missing": _("NIK missing"), "nik.not_16_digits": _("NIK not of 16 digits"), "nik.damaged_by_excel": _("NIK damaged by Excel"),
    "nik.impossible_date": _("No birth date in the NIK"), "nik.birth_date_differs": _("Birth date differs from the NIK"),
    "nik.sex_differs": _("Sex differs from the NIK"), "nik.unknown_region": _("NIK of an unknown region"), "nik.duplicate": _("NIK twice in the list"),
    "nik.suspicious": _("NIK looks invented"), "nik.proposed_elsewhere": _("Proposed by another office too"), "name.missing": _("Name missing"),
    "birth_date.missing": _("Birth date missing"), "birth_date.unreadable": _("Birth date unreadable"),
    "birth_date.ambiguous": _("Birth date can be read in two ways"), "category.unknown": _("Not a category of the scheme"),
    "phone.unreadable": _("Not a telephone number"), "wage.below_minimum": _("Below the minimum wage"), "wage.unreadable": _("Not an amount of money"),
    "eligibility.too_young": _("Too young"), "eligibility.too_old": _("Too old"), "eligibility.resident_of": _("Lives outside the area"),
    "eligibility.not_state_employee": _("State employee"), "eligibility.already_covered": _("Covered already"), "eligibility.deceased": _("Deceased"),
    "eligibility.occupation_in": _("Occupation not in the list"), "eligibility.decile_at_most": _("Welfare decile too high"),
    "eligibility.income_below": _("Income too high"), "eligibility.document_present": _("Document not handed in"),
    "eligibility.holds_office": _("No letter of appointment"), "eligibility.not_other_category": _("In another category already"),
}  # fmt: skip


COLUMNS = {
    "nik": "NIK", "name": _("Name"), "birth_date": _("Date of birth"), "birth_place": _("Place of birth"), "sex": _("Sex"),
    "address": _("Address"), "rt": "RT", "rw": "RW", "kelurahan": _("Kelurahan"), "kecamatan": _("District"),
    "phone": _("Telephone"), "mother_name": _("Mother’s name"), "category": _("Category"), "occupation": _("Occupation"),
    "wage": _("Wage"), "employer": _("Employer’s name"), "start_date": _("Start date"), "kk_number": _("Family card number"),
    "bank_account": _("Bank account"), "ttl": _("Place and date of birth"), "rt_rw": _("RT and RW"), "number": _("Running number"),
}  # fmt: skip


def column_name(column: str) -> str:
    """What a column of a list is called."""
    return str(COLUMNS.get(column, column))


def kind(code: str) -> str:
    """The kind of a note; for one without words of its own the sentence up to its first detail."""
    if code in KINDS:
        return str(KINDS[code])
    text = sentence(code).replace("…", "").strip()
    return text.split(":")[0].split(" (")[0].strip(" .,“”")[:60]

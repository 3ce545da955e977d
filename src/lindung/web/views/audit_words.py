"""The audit trail in words: what an action is called, what a column holds; what is masked stays masked."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Field, Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lindung.registry.models import AuditEntry
from lindung.registry.reveal import FIELDS, REASONS
from lindung.registry.trail import Change
from lindung.web import shown

ACTIONS = {
    "find_doubles": _("looked for probable doubles"), "decide_doubles": _("decided on probable doubles"), "undo_doubles": _("took back decisions on doubles"),
    "export_doubles": _("downloaded probable doubles"), "export_waits": _("downloaded who waits for whom"), "write_comment": _("wrote a comment"), "take_back_comment": _("took back a comment"),
    "set_approval_levels": _("set how many approve"), "open_round": _("asked every sender to confirm its list"), "answer_round": _("confirmed a list for the new year"),
    "undo_round_answer": _("took back the confirmation of a list"), "remind_round": _("reminded senders to confirm"), "export_offices": _("downloaded who holds two offices"),
    "attach_act": _("kept a file of an act"), "attach_scan": _("kept a scan of a document"), "finish_follow_up": _("said whether something was done"),
    "keep_document": _("kept a document in the register"), "plan_follow_up": _("noted what must be done"), "set_deadline": _("set a deadline for rejections"),
    "tie_document": _("tied documents together"), "untie_document": _("untied documents"),
    "accept_eligible": _("accepted all who are eligible"), "approve_determination": _("approved a determination"),
    "approve_within_budget": _("approved within the budget"), "calculate": _("calculated contributions"),
    "cancel_amendment": _("cancelled an amendment"), "cancel_determination": _("cancelled a determination"),
    "change_account": _("changed an account"), "check_rosters": _("checked lists"), "close_account": _("closed an account"),
    "confirm_movements": _("confirmed movements"), "correct_nik": _("corrected a NIK"), "decline_movements": _("declined movements"),
    "end_membership": _("ended a membership"), "enter_person": _("entered somebody who comes in"), "undo_movements": _("took back confirmed movements"),
    "withdraw_batch": _("withdrew a BPJS file"), "extend_memberships": _("extended memberships"), "hand_over_cards": _("handed over cards"),
    "import_targets": _("took in targets"), "invite": _("gave a code for a password"), "mail_invitation": _("sent a code by mail"), "export_invitation": _("printed a code for a password"), "keep_minimum_wages": _("kept minimum wages"), "load_scheme": _("loaded a scheme"),
    "mark_roster": _("marked the file of a list"), "confirm_columns": _("confirmed what columns are"), "forget_columns": _("forgot what columns are"),
    "correct_cells": _("corrected cells of a list"), "undo_corrections": _("undid corrections of a list"),
    "confirm_comparison": _("confirmed a comparison of lists"), "undo_comparison": _("undid a comparison of lists"),
    "make_decree": _("made the papers of a determination"),
    "mark_demo": _("marked sample data"), "open_account": _("opened an account"), "pay": _("recorded a payment"),
    "keep_template": _("chose a blank template of BPJS"),
    "prepare_batches": _("prepared BPJS files"), "prepare_movement_files": _("prepared files of movements"),
    "print_cards": _("printed cards"), "propose_determination": _("proposed a determination"), "propose_movements": _("proposed movements"),
    "propose_movements_from_records": _("proposed movements from records"), "propose_replacements": _("proposed replacements"),
    "propose_roster": _("proposed a list"), "read_batch_answer": _("read an answer of BPJS"), "read_check_answer": _("read an answer to a check"),
    "receive_roster": _("sent a list"), "record_bill": _("recorded a bill"), "register_employers": _("registered employers"),
    "register_units": _("registered offices"), "reopen_account": _("reopened an account"), "reset_second_factor": _("removed a second factor"),
    "reveal": _("looked at a masked value"), "second_factor": _("set up a second factor"), "send_batch": _("sent a BPJS file"), "second_step": _("gave the second factor"),
    "send_check": _("sent a check"), "set_budget": _("recorded a budget"), "set_password": _("set a password"), "sign_amendment": _("signed an amendment"),
    "sign_determination": _("signed a determination"), "sign_in": _("signed in"), "sign_out_device": _("signed a device out"),
    "tell_deaths": _("told of deaths"), "tell_outside_cover": _("told of cover by others"),
    "verify_determination": _("verified a determination"), "withdraw_roster": _("withdrew a list"),
}  # fmt: skip
TABLES = {
    "enrolment_amendment": _("amendment"),
    "registry_person": _("person"), "registry_scheme": _("scheme"), "registry_schemeversion": _("version of a scheme"),
    "registry_document": _("document"), "registry_unit": _("office"), "registry_employer": _("employer"), "registry_user": _("account"),
    "registry_role": _("role"), "registry_invitation": _("invitation"), "enrolment_roster": _("list"), "enrolment_candidate": _("candidate"),
    "enrolment_check": _("check"), "enrolment_determination": _("determination"), "enrolment_membership": _("membership"),
    "enrolment_registration": _("registration at BPJS"), "enrolment_batch": _("BPJS file"), "enrolment_cardrun": _("print of cards"),
    "contributions_budget": _("budget"), "contributions_calculation": _("calculation"), "contributions_bill": _("bill"),
    "contributions_payment": _("payment"),
}  # fmt: skip
COLUMNS = {
    "name": _("Name"), "nik": _("NIK"), "birth_date": _("Date of birth"), "birth_place": _("Place of birth"), "sex": _("Sex"),
    "address": _("Address"), "phone": _("Telephone"), "mother_name": _("Mother’s name"), "kk_number": _("Family card number"),
    "died_on": _("Died on"), "kelurahan_id": _("Kelurahan"), "state": _("State"), "status": _("State"), "number": _("Number"), "dated": _("Date"),
    "signer": _("Signed by"), "starts_on": _("From"), "ends_on": _("Until"), "end_reason": _("Reason"), "wage": _("Wage"),
    "category": _("Category"), "unit_id": _("Office"), "scheme_id": _("Scheme"), "amount": _("Amount"), "people": _("People"), "total": _("Sum"),
    "paid_on": _("Paid on"), "sent_on": _("Sent on"), "answered_on": _("Answered on"), "last_login": _("Last signed in"), "password": _("Password"),
    "is_active": _("Open"), "login": _("Account"), "role": _("Role"), "decision": _("Decision"), "result": _("Result"),
    "reason": _("Reason"), "kpj": _("KPJ"), "language": _("Language"), "field": _("What was shown"), "words": _("Words"),
    "errors": _("Mistakes"), "warnings": _("To be looked at"), "month": _("Month"), "cards": _("Cards"), "difference": _("Difference"),
    "recovery_codes_left": _("Recovery codes left"), "file": _("File"), "size": _("Bytes"), "roles": _("Roles"), "employers": _("Employers"), "units": _("Offices"), "address_seen": _("From where"),
}  # fmt: skip
HIDDEN = {
    "password",
    "code_hash",
    "mother_name",
    "kk_number",
    "phone",
    "bank_account",
    "raw",
    "columns",
    "address",
    "secret",
}
REVEALED, LOOK = {**FIELDS, **REASONS}, {"field", "reason"}  # of a look at a masked value
DIGITS = re.compile(r"(?<![0-9a-f])[0-9]{16}(?![0-9a-f])")


def action(name: str) -> str:
    if name in ACTIONS:
        return str(ACTIONS[name])
    if name.startswith("export_"):
        return gettext("took out a file (%(what)s)") % {
            "what": name.removeprefix("export_").replace("_", " ")
        }
    return name.replace("_", " ")


def table(name: str) -> str:
    return str(TABLES.get(name, name.partition("_")[2]))


def column(name: str) -> str:
    return str(COLUMNS.get(name, name.removesuffix("_id").replace("_", " ")))


def value(table_name: str, name: str, told: Any) -> str:
    """A value as people write it; secrets, and whatever looks like a NIK or a KK number, masked."""
    if told in (None, ""):
        return shown.DASH
    if name in HIDDEN:
        return "••••"
    field = _field(table_name, name)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(told, told))
    if isinstance(told, bool):
        return gettext("yes") if told else gettext("no")
    if isinstance(told, int):
        return f"#{told}" if name.endswith("_id") else shown.number(told)
    if isinstance(told, dict):
        return "••••"
    if isinstance(told, list):
        return ", ".join(value(table_name, "", one) for one in told)
    try:
        return shown.day(date.fromisoformat(told))
    except ValueError:
        return DIGITS.sub(lambda found: shown.nik(found[0]), told)[:300]


def _field(table_name: str, name: str) -> Field[Any, Any] | None:
    for model in apps.get_models():
        if model._meta.db_table == table_name:
            return next((f for f in model._meta.concrete_fields if f.attname == name), None)
    return None


def facts(entry: AuditEntry) -> list[tuple[str, str]]:
    """What an entry says beside its records: the reason of a look, the name of a file that left …"""
    return [
        (column(key), gettext(REVEALED[told]) if key in LOOK and told in REVEALED else value("", key, told))
        for one in entry.subjects
        if "table" not in one
        for key, told in one.items()
    ]


def records(entry: AuditEntry) -> list[str]:
    return [f"{table(one['table'])} #{one['id']}" for one in entry.subjects if "table" in one]


def changes(change: Change) -> list[tuple[str, str, str]]:
    """(column, old, new) of a changed record; nothing of one that was added or removed."""
    if change.operation != "U":
        return []
    return [
        (
            column(key),
            value(change.table, key, change.old[key]),
            value(change.table, key, change.new.get(key)),
        )
        for key in change.old
    ]


def named(record: Model) -> tuple[str, int]:
    return record._meta.db_table, record.pk

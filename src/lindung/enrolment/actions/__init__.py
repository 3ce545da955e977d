"""What a person does in enrolment, one function each. `actor` is who does it; `Refused` says why not."""

from lindung.enrolment.actions.acts import attach_act, set_deadline
from lindung.enrolment.actions.amendments import (
    cancel_amendment,
    prepare_amendment,
    prepare_minutes,
    sign_amendment,
)
from lindung.enrolment.actions.approvals import set_approval_levels, take_back_comment, write_comment
from lindung.enrolment.actions.batches import (
    keep_template,
    mark_sent,
    preflight_batches,
    prepare_batches,
    prepare_movement_files,
    read_batch_answer,
    withdraw_batch,
)
from lindung.enrolment.actions.cards import hand_over, print_cards
from lindung.enrolment.actions.checks import read_check_answer, send_check
from lindung.enrolment.actions.determinations import (
    approve_determination,
    cancel_determination,
    propose_determination,
    sign_determination,
    verify_determination,
)
from lindung.enrolment.actions.doubles import decide_doubles, find_doubles, undo_doubles
from lindung.enrolment.actions.joining import enter_person, replace_heads
from lindung.enrolment.actions.memberships import correct_nik, end_membership, extend_memberships
from lindung.enrolment.actions.movements import (
    confirm_movements,
    decline_movements,
    propose_from_records,
    propose_movement,
    propose_movements,
)
from lindung.enrolment.actions.replacements import propose_replacements
from lindung.enrolment.actions.reviews import accept_eligible, review, undo_review
from lindung.enrolment.actions.rosters import check_rosters, propose_roster, receive, withdraw_roster
from lindung.enrolment.actions.rounds import answer_round, open_round, remind_round, undo_round_answer
from lindung.enrolment.actions.undoing import undo_movements

__all__ = [
    "accept_eligible",
    "answer_round",
    "approve_determination",
    "attach_act",
    "cancel_amendment",
    "cancel_determination",
    "check_rosters",
    "confirm_movements",
    "correct_nik",
    "decide_doubles",
    "decline_movements",
    "end_membership",
    "enter_person",
    "extend_memberships",
    "find_doubles",
    "hand_over",
    "keep_template",
    "mark_sent",
    "open_round",
    "preflight_batches",
    "prepare_amendment",
    "prepare_batches",
    "prepare_minutes",
    "prepare_movement_files",
    "print_cards",
    "propose_determination",
    "propose_from_records",
    "propose_movement",
    "propose_movements",
    "propose_replacements",
    "propose_roster",
    "read_batch_answer",
    "read_check_answer",
    "receive",
    "remind_round",
    "replace_heads",
    "review",
    "send_check",
    "set_approval_levels",
    "set_deadline",
    "sign_amendment",
    "sign_determination",
    "take_back_comment",
    "undo_doubles",
    "undo_movements",
    "undo_review",
    "undo_round_answer",
    "verify_determination",
    "withdraw_batch",
    "withdraw_roster",
    "write_comment",
]  # fmt: skip

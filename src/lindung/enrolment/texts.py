from lindung.base.messages import N_, Text, declare

declare(
    {
        "roster.again": Text(
            N_("{file} was received before, on {on}. Nobody is proposed twice."),
            N_("Open the list that is there."),
        ),
        "columns.unknown": Text(
            N_("“{column}” is no column that can be read."), N_("Choose one of the names offered.")
        ),
        "columns.twice": Text(
            N_("Two columns would be read as the same: {headers}."),
            N_("Keep one of them, and mark the other as not used."),
        ),
        "correction.too_long": Text(
            N_("A cell holds at most {most} signs."), N_("Write only what stands on the identity card.")
        ),
        "correction.later": Text(
            N_("The cell in row {row} was corrected again since."), N_("Undo the later correction first.")
        ),
        "comparison.there": Text(
            N_("{file} was compared with another list already."), N_("Undo that comparison first.")
        ),
        "comparison.others": Text(
            N_("The lists say something else now than when you looked; nothing was changed."),
            N_("Look at the comparison again."),
        ),
        "comparison.confirmed": Text(
            N_("{count} of the movements that followed were confirmed or have left for BPJS."),
            N_("Take back those movements first; nothing was changed."),
        ),
        "comparison.reviewed": Text(
            N_("{count} of these people were reviewed by the programme office already."),
            N_("Ask the office to undo its decisions first; nothing was changed."),
        ),
        "correction.others": Text(
            N_(
                "There are {count} proposals of this kind now, others than those you saw; nothing was changed."
            ),
            N_("Look at them again."),
        ),
        "roster.not_checked": Text(
            N_("{file} has not been checked yet."), N_("Wait until the check is done.")
        ),
        "nik.proposed_elsewhere": Text(
            N_("The same NIK stands in {file}, row {row}, sent by {unit}."),
            N_("Keep the person on one list only; the scheme's order says which category pays."),
        ),
        "office.second": Text(
            N_("The same person is {category} too (row {row} of {file}); that office pays."),
            N_("Two offices of one person are no mistake: the person is covered once and counts in both."),
        ),
        "person.same_person": Text(
            N_("Somebody decided that this is the same person as in row {row}."),
            N_(
                "Nobody is enrolled twice. If it was a mistake, undo the decision among the probable doubles."
            ),
        ),
        "approval.levels": Text(
            N_("One to {most} people approve, one after another."), N_("Choose a number from 1 to {most}.")
        ),
        "approval.under_way": Text(
            N_("A determination is being approved; the number of approvals stays until it is done."),
            N_("Wait for its last approval, or cancel it."),
        ),
        "comment.empty": Text(
            N_("The comment says nothing."), N_("Write what the other side needs to know.")
        ),
        "comment.others": Text(
            N_("Somebody else wrote this comment."), N_("Only who wrote it takes it back.")
        ),
        "round.there": Text(N_("The confirmation for {year} is open already."), N_("Go on with it.")),
        "round.due": Text(
            N_("Answers are due after the day asked about, and within {year} at the latest."),
            N_("Choose another day."),
        ),
        "round.nobody": Text(N_("Nobody is left here to answer for."), N_("Nothing was changed.")),
        "round.unknown": Text(
            N_("Some of these people were answered for already, or are asked about elsewhere."),
            N_("Open the list again; nothing was changed."),
        ),
        "double.reason": Text(
            N_("A decision needs its reason."),
            N_("Write in a few words how you know it; nothing was changed."),
        ),
        "double.nobody": Text(
            N_("No pair is chosen that can be decided so."),
            N_("Choose pairs, or undo the earlier decision first."),
        ),
        "double.others": Text(
            N_("There are {count} such pairs now, others than those you saw; nothing was changed."),
            N_("Look at them again."),
        ),
        "review.own_proposal": Text(
            N_("You proposed this list, so somebody else must review it."),
            N_("Ask a colleague of the programme office."),
        ),
        "review.not_eligible": Text(
            N_("{count} of these people have errors and cannot be accepted."),
            N_("Send them back to the sender, or choose only the eligible ones."),
        ),
        "review.determined": Text(
            N_("{count} of these people already stand in a determination."),
            N_("What is determined is changed by an amendment, not by a review."),
        ),
        "check.nobody": Text(N_("Nobody waits for this check."), N_("Accept people first.")),
        "check.unknown_rows": Text(
            N_("{file} answers references that were never sent to this checker: {refs}."),
            N_("Choose the answer that belongs to this check file. Nothing was changed."),
        ),
        "check.no_reference": Text(
            N_("{file} has no column “Ref”."),
            N_("Send back the file that was sent, with its answer columns filled."),
        ),
        "check.no_answers": Text(
            N_("{file} holds no answers."), N_("The column “{column}” must say yes or no for each row.")
        ),
        "determination.nobody": Text(
            N_("Nobody is ready to be determined."),
            N_("Accept people, and wait for the answers of the checkers."),
        ),
        "determination.own": Text(
            N_("You worked on this determination before; somebody else must go on."),
            N_("Nobody approves their own work."),
        ),
        "determination.not_in_force": Text(
            N_(
                "{document} is not in force yet; names may be collected, but nothing may be determined or billed."
            ),
            N_("Record its promulgation first."),
        ),
        "determination.over_budget": Text(
            N_("{unit}: {needed} is needed for the whole period, but only {left} is left ({short} short)."),
            N_("Ask for a budget change, shorten the period, or name fewer people."),
        ),
        "determination.fallen_out": Text(
            N_("{count} people of this determination were sent back or rejected since: {names}."),
            N_("Cancel it and propose it again without them."),
        ),
        "answer.no_nik": Text(
            N_("{file} has no column with the NIK."),
            N_("Ask the branch for the answer with NIK. Nothing was changed."),
        ),
        "determination.unanswered": Text(
            N_(
                "None of the {count} accepted people has every answer that is needed, recent enough: {checkers}."
            ),
            N_("Send the check files on the page of checks, and read their answers first."),
        ),
        "act.not_signed": Text(
            N_("A signed scan belongs to an act that is signed."),
            N_("Record its number, date and signature first."),
        ),
        "rejection.deadline_before": Text(
            N_("The deadline lies before BPJS's answer of {answered}."), N_("Choose a later day.")
        ),
        "determination.unpriced": Text(
            N_("The contribution of {count} people cannot be computed ({why})."),
            N_("Correct their data first."),
        ),
        "membership.overlap": Text(
            N_("Somebody on this list is already covered by the scheme in that period."),
            N_("Take the person off the list, or end the other membership first."),
        ),
        "membership.end_outside": Text(
            N_("{on} lies outside the membership, {from} to {until}."),
            N_("Give a day within it; nothing was changed."),
        ),
        "membership.not_ended": Text(
            N_("The membership already ended on {on}."), N_("Look at the person's page.")
        ),
        "batch.nobody": Text(N_("Nobody waits to be sent to BPJS."), N_("Determine people first.")),
        "batch.other_template": Text(
            N_("{file} is the template “{sheet}”, but these new members are {segment}: {wanted}."),
            N_("Choose the blank template for new members. Nothing was changed."),
        ),
        "batch.preflight": Text(
            N_("{count} rows would be refused by BPJS: {why}"),
            N_("Mend these rows first; nothing was prepared."),
        ),
        "answer.unknown_people": Text(
            N_("{file} speaks of people who are not in this batch: {people}."),
            N_("Choose the answer that belongs to this batch. Nothing was changed."),
        ),
        "answer.bad_kpj": Text(
            N_("{file}: the KPJ of {count} people does not have 11 digits ({rows})."),
            N_("Ask the branch for the right numbers. Nothing was changed."),
        ),
        "answer.contradicts": Text(
            N_("{file} contradicts an answer that was read before, for {people}."),
            N_("Clear it up with the branch. Nothing was changed."),
        ),
        "batch.no_movements": Text(
            N_("No confirmed change waits for a file to BPJS."), N_("Confirm movements first.")
        ),
        "movement.unreadable": Text(
            N_("{file} cannot be read as a list of movements."), N_("Send it as XLSX or as CSV in UTF-8.")
        ),
        "movement.no_header": Text(
            N_("{file} has no row of heads with NIK, Sebab and Tanggal."),
            N_("Begin the list with: NIK, Sebab, Tanggal, Dasar, Upah, NIK pengganti, TMT pengganti."),
        ),
        "movement.rows": Text(
            N_("{file}: {count} rows cannot be taken. Row {rows}"),
            N_("Mend these rows and send the list again. Nothing was changed."),
        ),
        "movement.unknown_kind": Text(
            N_("“{kind}” is no kind of movement."),
            N_(
                "Write one of: masuk, ganti, berhenti, meninggal, pindah, jadi ASN, jadi PPPK, PPPK paruh waktu, penanggung lain, kontrak berakhir, upah."
            ),
        ),
        "movement.no_date": Text(
            N_("The date of NIK {nik} is missing or unreadable."), N_("Write it like 17-08-2020.")
        ),
        "movement.no_basis": Text(
            N_("The document on which the movement of NIK {nik} rests is missing."),
            N_("Write its name and number, for example SK Lurah 12/2020."),
        ),
        "movement.twice": Text(N_("NIK {nik} stands in the list twice."), N_("Keep one row.")),
        "movement.unknown_person": Text(
            N_("NIK {nik} is no member of this scheme whose cover runs."),
            N_("Read the NIK again from the identity card."),
        ),
        "movement.unknown_candidate": Text(
            N_("Who comes in for NIK {nik} is on no checked list, or is not eligible."),
            N_("Send the new person on a roster first."),
        ),
        "movement.comes_already": Text(
            N_("Who comes in for NIK {nik} is already named in another movement."),
            N_("Choose somebody else."),
        ),
        "movement.nobody_leaves": Text(
            N_("NIK {nik} stays a member, so nobody can come in instead."), N_("Leave the replacement empty.")
        ),
        "movement.before_start": Text(
            N_("The movement of NIK {nik} lies before the membership began on {starts}."),
            N_("Check the date."),
        ),
        "movement.joins_too_early": Text(
            N_("Who comes in for NIK {nik} must begin after the last day of who leaves."),
            N_("Leave the day empty for the first of the next month."),
        ),
        "movement.no_wage": Text(
            N_("The new wage of NIK {nik} is missing."), N_("Write it in whole rupiah.")
        ),
        "movement.not_registered": Text(
            N_("NIK {nik} has no KPJ yet, so the wage cannot be changed at BPJS."),
            N_("Wait for BPJS's answer."),
        ),
        "movement.first_of_month": Text(
            N_("The new wage of NIK {nik} must begin on the first of a month."),
            N_("Contributions are paid for whole months."),
        ),
        "movement.open_already": Text(
            N_("Another movement of NIK {nik} waits for confirmation."),
            N_("Confirm or decline that one first."),
        ),
        "movement.own": Text(
            N_("You proposed some of these movements, so somebody else must confirm them."),
            N_("Ask a colleague of the programme office."),
        ),
        "person.not_eligible": Text(
            N_("This person cannot be registered: {why}"),
            N_("Correct what is wrong, or enter somebody else. Nothing was kept."),
        ),
        "movement.nobody_chosen": Text(
            N_("Nobody was chosen who comes in for somebody."),
            N_("Choose a new person for at least one place. Nothing was changed."),
        ),
        "movement.left_already": Text(
            N_("One of these movements has left for BPJS, so it cannot be taken back."),
            N_("Enter the opposite movement instead. Nothing was changed."),
        ),
        "movement.in_paper": Text(
            N_("One of these movements stands in minutes or in a determination."),
            N_("Cancel that paper first while it is not signed. Nothing was changed."),
        ),
        "movement.used_already": Text(
            N_("Who came in by one of these movements has a KPJ, a reckoned month or a card already."),
            N_("Enter who leaves as a movement of its own. Nothing was changed."),
        ),
        "movement.cannot_undo": Text(
            N_("One of these movements was confirmed before the former state was kept."),
            N_("Enter the opposite movement instead. Nothing was changed."),
        ),
        "movement.ended_meanwhile": Text(
            N_("{count} of these memberships ended in the meantime."),
            N_("Look at the people's pages, and decline what is out of date. Nothing was changed."),
        ),
        "movement.place_not_free": Text(
            N_("{count} of these people would take a place that is not free on that day."),
            N_("Confirm together with them, or before, who leaves."),
        ),
        "movement.candidate_gone": Text(
            N_("{count} of these people were rejected or sent back in the meantime."),
            N_("Decline the movements of who no longer comes in. Nothing was changed."),
        ),
        "movement.after_period": Text(
            N_("{count} of these people would begin after {until}, when the scheme's period ends."),
            N_("Load the scheme with its new period first."),
        ),
        "membership.no_longer_period": Text(
            N_("The scheme's period is not longer than before."),
            N_("Load the scheme with its new period first."),
        ),
        "amendment.no_decree": Text(
            N_("No decree of this scheme is signed, so there is nothing to amend."),
            N_("On the appointment track the office changes its own appointment."),
        ),
        "amendment.nothing": Text(
            N_("No change up to {through} waits for this paper."),
            N_("Minutes collect confirmed movements, an amendment collects signed minutes."),
        ),
        "amendment.signer": Text(
            N_("Who signs needs a name and a title."),
            N_("Write also the NIP, and for whom (a.n.) and through whom (u.b.) they sign."),
        ),
        "card.nobody": Text(N_("None of these people has a KPJ yet."), N_("Cards follow the registration.")),
        "person.nik_form": Text(
            N_("“{nik}” is not a NIK: it has 16 digits."), N_("Read it again from the identity card.")
        ),
        "person.nik_taken": Text(
            N_("Another person has the NIK {nik}."), N_("Read the NIK again from the identity card.")
        ),
    }
)

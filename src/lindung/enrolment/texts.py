from lindung.base.messages import N_, Text, declare

declare(
    {
        "roster.again": Text(
            N_("{file} was received before, on {on}. Nobody is proposed twice."),
            N_("Open the list that is there."),
        ),
        "roster.not_checked": Text(
            N_("{file} has not been checked yet."), N_("Wait until the check is done.")
        ),
        "nik.proposed_elsewhere": Text(
            N_("The same NIK stands in {file}, row {row}, sent by {unit}."),
            N_("Keep the person on one list only; the scheme's order says which category pays."),
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
        "determination.unpriced": Text(
            N_("The contribution of {count} people cannot be computed ({why})."),
            N_("Correct their data first."),
        ),
        "membership.overlap": Text(
            N_("Somebody on this list is already covered by the scheme in that period."),
            N_("Take the person off the list, or end the other membership first."),
        ),
        "membership.not_ended": Text(
            N_("The membership already ended on {on}."), N_("Look at the person's page.")
        ),
        "batch.nobody": Text(N_("Nobody waits to be sent to BPJS."), N_("Determine people first.")),
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
        "card.nobody": Text(N_("None of these people has a KPJ yet."), N_("Cards follow the registration.")),
        "person.nik_taken": Text(
            N_("Another person has the NIK {nik}."), N_("Read the NIK again from the identity card.")
        ),
    }
)

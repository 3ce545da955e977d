from lindung.base.messages import N_, Text, declare

declare(
    {
        "demo.not_ours": Text(
            N_("This database holds data that the demo did not make; it was not touched."),
            N_("Use an empty database: set LINDUNG_DATA to a new folder, or DATABASE_URL to an empty one."),
        ),
        "minutes.nobody": Text(N_("No list of this scheme was proposed."), N_("Propose a list first.")),
        "minutes.pending": Text(
            N_("{count} people still wait for a decision, so the minutes cannot add up."),
            N_("Accept, reject, send back or put them on the waiting list first."),
        ),
        "slip.nothing": Text(
            N_("No NIK of {file} has to be read again from the card."),
            N_("The other notes stand on its page."),
        ),
        "letter.one_payer": Text(
            N_("A letter goes with the files of one payer to one branch."), N_("Choose files of one office.")
        ),
        "ceremony.nobody": Text(
            N_(
                "On {on} nobody is registered with the month paid, so nobody can receive a card on the stage."
            ),
            N_("Wait for the KPJ and the proof of payment."),
        ),
        "mail.not_set_up": Text(
            N_("This installation sends no mail."),
            N_("Hand the code over on paper, or let the operator set LINDUNG_MAIL."),
        ),
        "mail.failed": Text(
            N_("The mail to {to} could not be sent; the new code was not given to anybody."),
            N_("Look at the address and the mail settings, or hand the code over on paper."),
        ),
        "job.lost": Text(N_("The work was interrupted twice; nothing was changed."), N_("Ask for it again.")),
        "job.fault": Text(
            N_("Something went wrong on our side; nothing was changed."),
            N_("Try again, or tell your administrator."),
        ),
    }
)

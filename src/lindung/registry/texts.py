from lindung.base.messages import N_, Text, declare

declare(
    {
        "scheme.unknown": Text(
            N_("There is no scheme “{scheme}”."), N_("`lindung schemes list` shows those there are.")
        ),
        "unit.unknown": Text(
            N_("There is no unit “{unit}” in this city."),
            N_("Register the unit first, or choose one from the list."),
        ),
        "employer.not_in_city": Text(
            N_("There is no employer “{employer}” in this city."),
            N_("Write the name or the NPP as it stands in the list of employers."),
        ),
        "account.employer_unknown": Text(
            N_("There is no employer “{employer}” in this city."),
            N_("Write the name or the NPP as it stands in the list of employers."),
        ),
        "record.not_found": Text(
            N_("This record does not exist or lies outside your reach."),
            N_("Go back and choose one from the list."),
        ),
        "role.missing": Text(
            N_("Your account may not do this ({action})."),
            N_("Ask the administrator of your city for the role."),
        ),
        "record.changed": Text(
            N_("Somebody else changed this first; it is now “{state}”."),
            N_("Reload the page and look again."),
        ),
        "value.out_of_range": Text(
            N_("A value is too long or too large for its field ({problem})."),
            N_("Check what you typed; nothing was changed."),
        ),
        "file.missing": Text(
            N_("The file {name} is no longer in the data folder."),
            N_("Restore the data folder from its backup."),
        ),
        "password.weak": Text(N_("The password is too weak: {problems}"), N_("Choose a longer one.")),
        "account.own": Text(
            N_("Nobody changes their own account's roles, codes or state."),
            N_("Ask another administrator."),
        ),
        "account.reach": Text(
            N_("A role cannot reach further than yours."), N_("Choose a scheme that you administer.")
        ),
        "account.employer": Text(
            N_("The role of an employer names the employer; no other role does."), N_("Choose the employer.")
        ),
        "account.unit_without_scheme": Text(
            N_("A role for one office needs its scheme."), N_("Choose the scheme too.")
        ),
        "invitation.wrong": Text(
            N_("This account and code do not go together, or the code was used or has run out."),
            N_("Ask the administrator of your city for a new code."),
        ),
        "second.exists": Text(
            N_("The second factor is set up already."), N_("To set it up anew, ask the administrator.")
        ),
        "second.wrong": Text(
            N_("The code is not right, or was used before."),
            N_("Wait for the next code of the authenticator, or use a recovery code."),
        ),
        "reveal.reason": Text(
            N_("A masked value is shown for a reason only."),
            N_("Choose a reason and write in a few words (at least five letters) what it is for."),
        ),
        "reveal.too_often": Text(
            N_("You have looked at {limit} masked values within an hour; that is the limit."),
            N_("Wait an hour, or ask the programme office for the list you need."),
        ),
        "user.exists": Text(
            N_("There is already an account “{login}”."), N_("Choose another name to sign in with.")
        ),
        "document.kind": Text(
            N_("The kind or the stage of the document is not in the list."), N_("Choose one of the list.")
        ),
        "document.ends_before": Text(
            N_("The document would end before it is dated."), N_("Check both dates; nothing was changed.")
        ),
        "document.known": Text(
            N_("A document of this kind with number “{number}” of that year is in the register already."),
            N_("Open it there and change it. Nothing was changed."),
        ),
        "document.tie": Text(
            N_("These two documents cannot be tied together."),
            N_("Choose another document of the same scheme."),
        ),
        "scan.kind": Text(
            N_("“{file}” is neither PDF, JPEG, PNG nor Word (DOCX)."),
            N_("Scan the signed paper as PDF. Nothing was kept."),
        ),
        "scan.too_large": Text(
            N_("“{file}” is larger than {limit} MB."), N_("Scan it with 200 dpi, in grey. Nothing was kept.")
        ),
        "scan.not_what_it_says": Text(
            N_("“{file}” is not a {kind}, whatever its name says."),
            N_("Send the scan itself, not a renamed file. Nothing was kept."),
        ),
        "scan.active": Text(
            N_("“{file}” carries a script, a form that sends, or another file inside."),
            N_("Print it and scan it, or save it again as a plain PDF. Nothing was kept."),
        ),
    }
)

from lindung.base.messages import N_, Text, declare

declare(
    {
        "scheme.unknown_key": Text(
            N_("{file}, line {line}: “{key}” is not a key that can stand here."),
            N_("Known here: {expected}. Correct the spelling or remove the line."),
        ),
        "scheme.missing_key": Text(
            N_("{file}, line {line}: “{key}” is missing in “{where}”."),
            N_("Add it; if nobody knows it yet, ask before loading."),
        ),
        "scheme.wrong_value": Text(
            N_("{file}, line {line}: “{value}” cannot be the value of “{key}”."), N_("Expected: {expected}.")
        ),
        "scheme.unknown_needed": Text(
            N_("{file}, line {line}: “{key}” is marked as unknown, but a rule needs it."),
            N_("Find it in the document, or write an assumption and name it under “assumptions”."),
        ),
        "scheme.twice": Text(
            N_("{file}, line {line}: “{value}” ({key}) stands there twice."),
            N_("Keep one of the two, or make them different."),
        ),
        "scheme.wage_unclear": Text(
            N_("{file}, line {line}: the wage must be either an amount or from the roster."),
            N_("Write “amount: 1000000” or “from: roster”."),
        ),
        "scheme.risk_class_needed": Text(
            N_("{file}, line {line}: the category “{value}” earns wages and has JKK, but no risk class."),
            N_("Add “risk_class”, from I (very low) to V (very high)."),
        ),
        "scheme.dtsen_too_early": Text(
            N_(
                "{file}, line {line}: there is no DTSEN before February 2025, and the scheme begins on {value}."
            ),
            N_("Use the DTKS list."),
        ),
        "eligibility.too_young": Text(
            N_("Too young: {age} years old on {on}, the scheme takes people from {limit}."),
            N_("Check the birth date on the identity card; if it is right, take this person off the list."),
        ),
        "eligibility.too_old": Text(
            N_("Too old: {age} years old on {on}, the scheme takes people below {limit}."),
            N_("Check the birth date on the identity card; if it is right, propose somebody else."),
        ),
        "eligibility.resident_of": Text(
            N_("Lives outside the area of the scheme ({code_of_region})."),
            N_("Check the address on the identity card; residents of other places are proposed there."),
        ),
        "eligibility.not_state_employee": Text(
            N_("A state employee is insured elsewhere and cannot be in this scheme."),
            N_("Check the employment status; take this person off the list if it is right."),
        ),
        "eligibility.already_covered": Text(
            N_("Already covered: {segment}, paid by {payer}, since {since}."),
            N_(
                "Nobody is paid for twice: take this person off the list, or ask the other payer to stop first."
            ),
        ),
        "eligibility.deceased": Text(
            N_("Died on {died_on} according to the death list."),
            N_("Take this person off the list. If it is a mistake, ask the civil registry to correct it."),
        ),
        "eligibility.occupation_in": Text(
            N_("The occupation “{occupation}” is not in the list of the scheme."),
            N_("Check the occupation; propose only occupations that the regulation names."),
        ),
        "eligibility.decile_at_most": Text(
            N_("Decile {decile} in {list}; the scheme takes people up to decile {limit}."),
            N_("Ask the social affairs office if the decile is out of date."),
        ),
        "eligibility.income_below": Text(
            N_("Income of Rp{income} a month; the scheme takes people below Rp{limit}."),
            N_("Check the income; who earns more can join and pay for themselves."),
        ),
        "eligibility.document_present": Text(
            N_("The document “{document}” was not handed in."), N_("Ask for it and attach it to this person.")
        ),
        "eligibility.holds_office": Text(
            N_("There is no letter of appointment “{document}” for this office."),
            N_("Attach the letter of appointment that is in force."),
        ),
        "eligibility.not_other_category": Text(
            N_("Protected already through another office of this person: {category}."),
            N_("Nothing to do: the contribution is paid once, through the first office."),
        ),
        "reported.parts_add_up": Text(
            N_(
                "The parts that the article names add up to {computed} ({parts}); its total of {reported} is not their sum."
                " Both are kept."
            )
        ),
        "reported.covered_and_outside": Text(
            N_(
                "{covered} covered and {outside} not yet covered, both from the same speech, are {computed}; it also says"
                " {reported}. Both are kept."
            )
        ),
        "reported.counts_covered": Text(
            N_(
                "The reported {reported} are those covered; the computed {computed} also count {outside} people who are to"
                " be added."
            )
        ),
        "reported.about": Text(N_("The reported {reported} is a rounded figure; counted here: {computed}.")),
        "reported.counted_here": Text(
            N_(
                "Reported: {reported}. Counted from the records on this date: {computed}. Neither is changed to fit the other."
            )
        ),
    }
)

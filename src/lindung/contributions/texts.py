from lindung.base.messages import N_, Text, declare

declare(
    {
        "calculation.nobody": Text(
            N_(
                "There is nobody to reckon for {month}: BPJS has taken nobody, or everybody is reckoned already."
            ),
            N_("Read BPJS's answer first."),
        ),
        "calculation.not_in_force": Text(
            N_("{document} is not in force in {month}."), N_("Choose a month of the scheme's period.")
        ),
        "bill.not_positive": Text(
            N_("A bill of {amount} cannot be."), N_("Type the amount as BPJS wrote it.")
        ),
        "bill.again": Text(
            N_("The bill {code} was recorded before."),
            N_("Open the bill that is there; nothing was changed."),
        ),
        "bill.there_already": Text(
            N_("This calculation has the bill {code} already."), N_("A bill that was issued never changes.")
        ),
        "bill.over_budget": Text(
            N_(
                "{unit}: the bill of {amount} is more than the {left} left of the {year} budget ({short} short)."
            ),
            N_("Ask for a budget change first; nothing was recorded."),
        ),
        "bill.no_budget": Text(
            N_("{unit} has no budget for {year} in this scheme."),
            N_("Record the DPA first; nothing was recorded."),
        ),
        "bill.equal": Text(N_("BPJS's bill and our calculation are equal.")),
        "bill.more": Text(
            N_("BPJS bills {difference} more than we reckon: as much as {people} people at {each}."),
            N_("Look for people who left, or who are on another payer's list."),
        ),
        "bill.less": Text(
            N_("BPJS bills {difference} less than we reckon: as much as {people} people at {each}."),
            N_("Look for people whom BPJS has not posted yet."),
        ),
        "bill.differs": Text(
            N_("BPJS bills {difference}, which is no whole number of people: wages or rates differ."),
            N_("Compare the lines person by person."),
        ),
        "payment.order": Text(
            N_("{step} comes after {before}, which is not recorded yet."),
            N_("Record the steps in their order."),
        ),
        "payment.again": Text(
            N_("{step} of this bill is recorded already ({number})."), N_("What is recorded stays.")
        ),
        "payment.amount": Text(
            N_("{step} over {amount} does not pay the bill of {bill}."),
            N_("The amount must equal the bill's."),
        ),
        "payment.date": Text(
            N_("{step} is dated {dated}, before {before} of {earlier}."), N_("Check the date on the paper.")
        ),
        "budget.unclear": Text(
            N_("“{stage}” {year} is no budget that can be recorded."),
            N_("Stages are {stages}; the year lies between 2000 and 2100."),
        ),
        "budget.negative": Text(N_("A budget of {amount} cannot be."), N_("Type whole rupiah.")),
    }
)

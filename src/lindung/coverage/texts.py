from lindung.base.messages import N_, Text, declare

declare(
    {
        "coverage.by_unknown": Text(
            N_("Coverage cannot be shown by “{by}”."), N_("Choose category, unit or kelurahan.")
        ),
        "target.contradicts": Text(
            N_("{group}: {told} was told for {on}, now {number}."),
            N_("Give a corrected target a date of its own; nothing was changed."),
        ),
        "coverage.definition": Text(
            N_(
                "Enrolled: has a KPJ on {on}. Active: the contribution of {month} is paid by that day. Target: "
                "{source}. Gap: target less enrolled. People whom BPJS cannot take are listed apart and are no gap."
            )
        ),
        "coverage.target_regulation": Text(N_("the number the regulation names per category")),
        "coverage.target_imported": Text(N_("the number told by the offices")),
        "coverage.unknown_group": Text(N_("without a kelurahan or unit")),
        "coverage.none": Text(N_("not registered")),
        "coverage.partly": Text(N_("partly registered")),
        "coverage.wholly": Text(N_("wholly registered")),
    }
)

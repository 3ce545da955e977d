from lindung.base.messages import N_, Text, declare

declare(
    {
        "regions.missing": Text(
            N_("The table of region codes ({path}) is not there."), N_("Run `make setup` once.")
        ),
    }
)

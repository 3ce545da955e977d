from lindung.base.messages import N_, Text, declare

declare(
    {
        "scheme.not_among_files": Text(
            N_("There is no scheme file “{scheme}”."), N_("`lindung schemes list` shows those there are.")
        ),
    }
)

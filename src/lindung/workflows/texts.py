from lindung.base.messages import N_, Text, declare

declare(
    {
        "demo.not_ours": Text(
            N_("This database holds data that the demo did not make; it was not touched."),
            N_("Use an empty database: set LINDUNG_DATA to a new folder, or DATABASE_URL to an empty one."),
        ),
        "job.fault": Text(
            N_("Something went wrong on our side; nothing was changed."),
            N_("Try again, or tell your administrator."),
        ),
    }
)

from lindung.base.messages import N_, Text, declare

declare(
    {
        "upload.nothing": Text(
            N_("No file was chosen."), N_("Choose the file as you have it: .xlsx, .xls, .csv or .ods.")
        ),
        "upload.body": Text(N_("What was sent")),
        "upload.too_large": Text(
            N_("{file} is larger than {limit}."),
            N_("Split it by office or kelurahan and send the parts one by one."),
        ),
        "review.nobody_chosen": Text(
            N_("Nobody was chosen."), N_("Tick the people first, then press the button.")
        ),
        "form.date_unreadable": Text(N_("“{value}” is not a date."), N_("Write it like 17-08-1970.")),
        "form.amount_too_large": Text(
            N_("That is more than {most}."), N_("Count the digits: an amount is written in whole rupiah.")
        ),
        "audit.too_many": Text(
            N_("More than {most} entries are found; one file holds no more."),
            N_("Ask for fewer days, one person or one action."),
        ),
        "check.too_often": Text(
            N_("That was asked too often from here."),
            N_("Try again in an hour, or ask at the kelurahan office."),
        ),
    }
)

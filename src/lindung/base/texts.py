from lindung.base.messages import N_, Text, declare

declare(
    {
        "month.unreadable": Text(
            N_("“{value}” is not a month."), N_("Write it as year and month, like 2019-11.")
        ),
        "date.implausible": Text(N_("{day} cannot be right."), N_("Type a day between 2000 and 2100.")),
        "rate.not_exact": Text(
            N_("The rate {value} is not a whole number of parts per million."),
            N_("Write it as a decimal string with at most six places."),
        ),
        "yaml.unreadable": Text(
            N_("{file}, line {line}: the file cannot be read ({problem})."),
            N_("Correct the line and try again."),
        ),
        "yaml.not_a_mapping": Text(
            N_("{file}, line {line}: the file holds no keys."), N_("Write it as “key: value” lines.")
        ),
        "yaml.duplicate_key": Text(
            N_("{file}, line {line}: “{key}” stands there twice."), N_("Keep one of the two.")
        ),
        "yaml.float": Text(
            N_("{file}, line {line}: {value} is a floating number."),
            N_("Write money as a whole number and rates between quotes."),
        ),
    }
)

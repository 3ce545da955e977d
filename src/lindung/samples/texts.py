from lindung.base.messages import N_, Text, declare

declare(
    {
        "sample.form": Text(
            N_("A sample can be written as CSV or XLSX, not as “{form}”."),
            N_("End the file name with .csv or .xlsx."),
        ),
        "sample.too_many": Text(
            N_("{count} rows are too many for a workbook; {limit} fit."),
            N_("Write the sample as a CSV file."),
        ),
        "sample.written": Text(N_("{file}: {people} invented people, {clean} of them without a mistake.")),
        "sample.not_written": Text(
            N_("{file} cannot be written: {problem}."),
            N_("Choose a folder that exists and may be written to."),
        ),
    }
)

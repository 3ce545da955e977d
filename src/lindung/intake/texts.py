from lindung.base.messages import N_, Text, declare

SAVE_WITH_RESULTS = N_("Open the file in Excel or LibreOffice, save it and send it again.")
TAKE_FROM_KTP = N_("Copy the sixteen digits from the identity card (KTP) and keep the cell as text.")

declare(
    {
        "file.empty": Text(N_("{file} is empty."), N_("Send the file that holds the list.")),
        "file.unreadable": Text(
            N_("{file} is no spreadsheet that can be read."),
            N_("Save the list as XLSX, XLS, ODS or CSV and send it again."),
        ),
        "file.encrypted": Text(
            N_("{file} is protected by a password."), N_("Save it without a password and send it again.")
        ),
        "file.too_large": Text(
            N_("{file} is too large to be read ({what})."),
            N_("Delete empty sheets and columns, or send the list in several files."),
        ),
        "file.open_quote": Text(
            N_(
                "In {file} a quotation mark opens in line {line} and does not close: the rows after it cannot be told apart."
            ),
            N_("Take the mark out of that line, or save the list as XLSX, and send it again."),
        ),
        "file.no_header": Text(
            N_("{file} has no row that names its columns."),
            N_("Put the names of the columns (Nama, NIK, Tanggal Lahir …) above the list."),
        ),
        "file.no_nik_column": Text(
            N_("{file} has no column with the NIK."),
            N_("Add a column named NIK with the sixteen digits of each person."),
        ),
        "file.formulas_without_result": Text(
            N_(
                "{file} holds formulas whose results are not stored: whole rows cannot be read (first: {what})."
            ),
            SAVE_WITH_RESULTS,
        ),
        "list.unreadable": Text(
            N_("{file} cannot be read ({problem})."), N_("Give a CSV file in UTF-8 with commas, or `db`.")
        ),
        "list.columns_missing": Text(
            N_("{file} lacks the columns {columns}."), N_("Its first line must be: {expected}")
        ),
        "cell.formula_without_result": Text(
            N_("Formula without a stored result: the cell was read as blank."),
            SAVE_WITH_RESULTS,
        ),
        "nik.missing": Text(N_("There is no NIK."), TAKE_FROM_KTP),
        "nik.damaged_by_excel": Text(
            N_("Excel has turned the NIK into a number; its last digits are lost."), TAKE_FROM_KTP
        ),
        "nik.not_16_digits": Text(N_("The NIK has {count} digits instead of 16."), TAKE_FROM_KTP),
        "nik.impossible_date": Text(
            N_("The seventh to twelfth digit of the NIK are no date of birth."), TAKE_FROM_KTP
        ),
        "nik.duplicate": Text(
            N_("The same NIK already stands in row {row}."),
            N_("Keep one of the two rows, or correct the NIK that is wrong."),
        ),
        "nik.birth_date_differs": Text(
            N_("The NIK says born on {nik}, the list says {list}."),
            N_("Compare with the KTP. Both may be right: a corrected date of birth does not change the NIK."),
        ),
        "nik.sex_differs": Text(
            N_("The sex in the NIK is {nik}, the list says {list}."), N_("Compare with the KTP.")
        ),
        "nik.unknown_region": Text(
            N_("The NIK begins with {region}, which is and was no kecamatan."), N_("Compare with the KTP.")
        ),
        "nik.suspicious": Text(N_("The NIK looks invented."), N_("Compare with the KTP.")),
        "name.missing": Text(N_("There is no name."), N_("Write the name as it stands on the KTP.")),
        "birth_date.missing": Text(
            N_("There is no date of birth, and the NIK cannot tell it."),
            N_("Write the date of birth as day-month-year, like 17-08-1975."),
        ),
        "birth_date.unreadable": Text(
            N_("The date of birth is no date."), N_("Write it as day-month-year, like 17-08-1975.")
        ),
        "birth_date.ambiguous": Text(
            N_("The date of birth may be {first} or {second}."),
            N_("Write the month as a word, like 3 Februari 1989."),
        ),
        "category.unknown": Text(
            N_("This is no category of the scheme."), N_("Choose one of: {categories}.")
        ),
        "person.possible_duplicate": Text(
            N_("Probably the same person as in row {row} ({percent}%)."),
            N_("Keep one of the two rows, or confirm that they are two people."),
        ),
        "person.possibly_covered": Text(
            N_("Probably insured already under another NIK ({percent}%): paid by {payer}, since {since}."),
            N_("Compare with the KTP; nobody is paid for twice."),
        ),
        "person.possibly_deceased": Text(
            N_("Probably somebody of the death list under another NIK ({percent}%): died on {died_on}."),
            N_("Ask the family or the kelurahan before this person is enrolled."),
        ),
        "phone.unreadable": Text(
            N_("This is no phone number."), N_("Write it with all its digits, like 0812 3456 7890.")
        ),
        "wage.below_minimum": Text(
            N_("The wage is below the minimum wage, {minimum} since {since} ({document})."),
            N_("Compare with the letter of appointment; write the wage of a whole month."),
        ),
        "minimum_wages.unreadable": Text(
            N_("{file} holds no minimum wages."),
            N_("Give a CSV file in UTF-8 with commas. Its first line must be: {expected}"),
        ),
        "minimum_wages.line": Text(
            N_("{file}, line {line}: this is no minimum wage of one city from one day on."),
            N_("Write a line as 00.00,2026-01-01,5000000,Keputusan Gubernur; each city and day once."),
        ),
        "minimum_wages.unknown": Text(
            N_("The minimum wage of {region} on {on} is not known: no wage was compared with it."),
            N_("Load the minimum wages of the city: lindung roster minimum-wages FILE."),
        ),
        "wage.unreadable": Text(
            N_("This is no amount of money."), N_("Write the whole amount in rupiah, like 2500000.")
        ),
    }
)

# words of the report at the terminal and of the summary sheet
WORDS = {
    "Checking": N_("Checking"),
    "people": N_("people"),
    "without errors": N_("without errors"),
    "to correct": N_("to correct"),
    "Columns": N_("Columns"),
    "Finding": N_("Finding"),
    "Kind": N_("Kind"),
    "Rows": N_("Rows"),
    "error": N_("error"),
    "warning": N_("warning"),
    "row": N_("row"),
    "more findings; see --json or --out": N_("more findings; see --json or --out"),
    "Probably the same person": N_("Probably the same person"),
    "Summary": N_("Summary"),
    "Sheet": N_("Sheet"),
    "Row": N_("Row"),
    "Column": N_("Column"),
    "What to do": N_("What to do"),
    "People": N_("People"),
    "Without errors": N_("Without errors"),
    "Errors": N_("Errors"),
    "Warnings": N_("Warnings"),
    "Unit": N_("Unit"),
    "List": N_("List"),
    "Proposal": N_("Proposal"),
    "Total": N_("Total"),
}

from lindung.base.messages import N_, Text, declare

declare(
    {
        "papers.template_wrong": Text(
            N_("The template {file} cannot be set: {problem}."),
            N_("Correct the template or remove it; the built-in one is used then."),
        ),
        "papers.crest_unknown": Text(
            N_("The city crest is neither a PNG, a JPEG nor an SVG file."),
            N_("Save the picture as PNG and choose it again."),
        ),
        "papers.too_many_rows": Text(
            N_("{rows} rows do not fit into a sheet of Excel, which holds {most}."),
            N_("Choose a part of the list, or take it as CSV."),
        ),
        "papers.wording_unknown": Text(
            N_("{file}, line {line}: “{key}” is not a wording that can be replaced."),
            N_("Take the keys of the built-in wording file."),
        ),
        "papers.wording_hole": Text(
            N_("A sentence of the city's wording cannot be filled ({problem}): “{sentence}”"),
            N_("Use only the {{names}} that stand in the built-in wording."),
        ),
        "papers.nobody": Text(
            N_("There is nobody to put into the paper."), N_("Choose people first, then make it again.")
        ),
        "papers.funding_differs": Text(
            N_(
                "The contributions of the people are {members} a month, but the funding adds up to {funding}."
            ),
            N_("Give every person's payer an account code so that both sums agree."),
        ),
        "papers.does_not_add_up": Text(
            N_("{place}: the results do not add up to the {proposed} who were proposed."),
            N_("Count every person under exactly one result."),
        ),
        # Cards
        "card.no_kpj": Text(
            N_("{name} has no KPJ of 11 digits yet, so no card can be printed."),
            N_("Read the answer of BPJS first."),
        ),
        "card.unreadable": Text(
            N_("This is not the code of a card."), N_("Scan the code on the front again.")
        ),
        "card.unknown_key": Text(
            N_("The card was signed with a key ({key}) that is not known here."),
            N_("Open the page once with a network so that it fetches the keys, then scan again."),
        ),
        "card.forged": Text(
            N_("The signature does not belong to this card."),
            N_("Do not accept it; ask the office of the city that issued it."),
        ),
        # Templates and batches
        "bpjs.save_as_xlsx": Text(
            N_("{file} is an old Excel file (.xls) or has a password; it cannot be filled."),
            N_("Open it in Excel, remove the password, choose “Save as .xlsx” and keep its name."),
        ),
        "bpjs.not_a_workbook": Text(
            N_("{file} is not an Excel workbook that can be read."),
            N_("Download the blank template from SIPP or ask the branch for it again."),
        ),
        "bpjs.too_large": Text(
            N_("{file} is too large."), N_("A blank template or an answer is far smaller: check the file.")
        ),
        "bpjs.unknown_template": Text(
            N_("{file} has the header of no known BPJS template."),
            N_("Download the blank template from SIPP again and do not change its first row."),
        ),
        "bpjs.wrong_template": Text(
            N_("{file} has no sheet “{sheet}”; it has: {found}."),
            N_("Choose the template that belongs to this kind of batch."),
        ),
        "bpjs.header_changed": Text(
            N_("{file}, sheet “{sheet}”, cell {cell}: the header is “{found}”, expected “{expected}”."),
            N_("Use the blank template as BPJS gives it, with its first row unchanged."),
        ),
        "bpjs.template_not_blank": Text(
            N_("{file}, sheet “{sheet}”: row {row} is already filled."),
            N_("Give the blank template: delete the rows below the header and save."),
        ),
        "bpjs.no_template": Text(
            N_(
                "There is no template from BPJS for this batch: a plain workbook with the same header is made."
            ),
            N_("Upload the blank template from SIPP or the branch; only such a file is sure to be taken."),
        ),
        "bpjs.no_list": Text(
            N_("{column}: the template has no list of codes, so the word itself is written."),
            N_("Ask the branch whether it takes words here, or give the template with its list sheet."),
        ),
        "bpjs.code_unknown": Text(
            N_("{column}: “{value}” does not stand in the template's list."),
            N_("Choose a word from the list sheet of the template."),
        ),
        "bpjs.missing": Text(N_("{column} is empty."), N_("Fill it in before the batch is sent.")),
        "bpjs.nik_form": Text(
            N_("{column}: “{value}” is not a NIK of 16 digits."), N_("Type it again from the KTP.")
        ),
        "bpjs.kpj_form": Text(
            N_("{column}: “{value}” is not a KPJ of 11 digits."), N_("Take it from the answer of BPJS.")
        ),
        "bpjs.number_form": Text(
            N_("{column}: “{value}” is not a whole number."), N_("Write digits only, in whole rupiah.")
        ),
        "bpjs.date_form": Text(N_("{column}: “{value}” is not a date."), N_("Write it like 17-08-1970.")),
        "bpjs.choice": Text(N_("{column}: “{value}” is not one of {allowed}."), N_("Choose one of them.")),
        "bpjs.duplicate": Text(
            N_("This NIK stands in the batch more than once."), N_("Keep one row for a person.")
        ),
        # Answers
        "answer.other_file": Text(
            N_("{file} is neither an .xlsx nor a .csv file."),
            N_("Save the answer of BPJS as .xlsx and upload it again."),
        ),
        "answer.unreadable": Text(
            N_("{file} cannot be read."), N_("Open it in Excel, save it as .xlsx and upload it again.")
        ),
        "answer.no_person_column": Text(
            N_("{file} has neither a NIK nor a KPJ column."),
            N_("Upload the file as BPJS sent it, with its header."),
        ),
        "answer.no_result_column": Text(
            N_("{file} says nothing about the result: no KPJ, status, reason or kode iuran."),
            N_("Upload the answer, not the batch that was sent."),
        ),
        "answer.empty": Text(
            N_("{file} has a header but no rows."), N_("Ask the branch for the full answer.")
        ),
        "answer.kpj_form": Text(
            N_("Row {row}: the KPJ “{value}” does not have 11 digits."),
            N_("Ask the branch for the right number."),
        ),
        "answer.nik_form": Text(
            N_("Row {row}: no readable NIK (“{value}”); Excel may have damaged it."),
            N_("Ask for the file with the NIK as text, or find the person by KPJ."),
        ),
        "answer.status_unknown": Text(
            N_("Row {row}: the status “{value}” is not known."), N_("Choose yourself: valid or rejected.")
        ),
        "answer.nik_twice": Text(
            N_("Row {row}: the NIK stands in the answer more than once."), N_("Check which row holds.")
        ),
        "answer.kpj_twice": Text(
            N_("Row {row}: the KPJ {value} stands in the answer more than once."),
            N_("Ask the branch whose number it is."),
        ),
    }
)

from lindung.base.messages import N_, Text, declare

_FILE = N_("Correct the parameter file.")

declare(
    {
        "law.schema": Text(N_("{file}, line {line}: {problem}."), _FILE),
        "law.duplicate": Text(
            N_("{file}, line {line}: {parameter} stands in two files."), N_("Keep one of the two.")
        ),
        "law.unknown_instrument": Text(
            N_("{file}, line {line}: the instrument “{doc}” is not in the register."),
            N_("Add it to sources.yaml."),
        ),
        "law.before_promulgation": Text(
            N_(
                "{file}, line {line}: the value begins before its instrument was promulgated ({promulgated})."
            ),
            N_("Write “retroactive: true” if the instrument says so."),
        ),
        "law.overlap": Text(
            N_("{file}, line {line}: the value from {from} overlaps the one before it."),
            N_("Put the dates in order."),
        ),
        "law.before_first_value": Text(
            N_("{parameter} has no value on {on}; its first value is of {first}."),
            N_("Ask for a later date."),
        ),
        "law.not_announced": Text(
            N_("{parameter} has no value on {on}: it is not announced yet."),
            N_("Add the announced value to the parameter file, or ask for an earlier date."),
        ),
        "segment.missing": Text(N_("The segment is missing."), N_("Write PU, BPU or JAKON.")),
        "segment.unknown": Text(N_("“{segment}” is not a segment."), N_("Write PU, BPU or JAKON.")),
        "programme.missing": Text(
            N_("No programme is asked for."), N_("Name at least one of JKK, JKM, JHT, JP.")
        ),
        "programme.unknown": Text(
            N_("“{programmes}” names a programme that is not known."), N_("Write JKK, JKM, JHT or JP.")
        ),
        "programme.not_billed": Text(
            N_("JKP is never billed: its contribution stays inside JKK."), N_("Leave JKP out.")
        ),
        "programme.not_in_segment": Text(
            N_("The segment {segment} does not have all of {programmes}."),
            N_("PU has JKK, JKM, JHT and JP; BPU has JKK, JKM and JHT; JAKON has JKK and JKM."),
        ),
        "month.missing": Text(N_("The month is missing."), N_("Write it as year and month, like 2019-11.")),
        "month.before_law": Text(
            N_("The programmes begin in July 2015; {month} is before them."), N_("Ask for a later month.")
        ),
        "risk_class.missing": Text(
            N_("The risk class is missing, and JKK is asked for."),
            N_("Write I, II, III, IV or V as it stands on the employer's BPJS certificate."),
        ),
        "risk_class.unknown": Text(
            N_("“{risk_class}” is not a risk class."), N_("Write I, II, III, IV or V.")
        ),
        "payer.missing": Text(
            N_("A relief covers this month, and who pays decides whether it applies."),
            N_("Write employer, self, APBD, APBN, APBDes or donor as payer."),
        ),
        "payer.unknown": Text(
            N_("“{payer}” is not a payer."), N_("Write employer, self, APBD, APBN, APBDes or donor.")
        ),
        "sector.unknown": Text(N_("“{sector}” is not a sector."), N_("Write transport or other.")),
        "wage.missing": Text(
            N_("The wage or income is missing."), N_("Write the monthly amount in whole rupiah.")
        ),
        "contract_value.missing": Text(
            N_("Neither the contract value nor the wages are known."),
            N_("Write the contract value without VAT, or the wages, in whole rupiah."),
        ),
        "amount.not_whole": Text(
            N_("The column {column} holds {kind}, not whole rupiah."), N_("Write money as whole numbers.")
        ),
        "amount.negative": Text(N_("The amount is negative."), N_("Write whole rupiah, 0 or more.")),
        "amount.too_large": Text(
            N_("The amount is above Rp9.000.000.000.000."), N_("Look whether it has too many zeros.")
        ),
        "jp_ceiling.not_announced": Text(
            N_("The JP wage ceiling of {month} is not announced yet."),
            N_("Ask for an earlier month, or leave JP out."),
        ),
        "line.not_json": Text(N_("The line is not JSON."), N_("Write one JSON object a line, in UTF-8.")),
        "line.not_object": Text(
            N_("The line is no JSON object."), N_("Write one JSON object a line, in braces.")
        ),
        "line.duplicate_key": Text(N_("“{key}” stands in the line twice."), N_("Keep one of the two.")),
        "line.too_long": Text(
            N_("The line is longer than {limit} bytes."), N_("Write one JSON object a line.")
        ),
        "field.not_text": Text(N_("{field}: {value} is not a text."), N_("Write it between quotes.")),
        "field.not_whole": Text(
            N_("{field}: {value} is not a whole number."),
            N_("Write digits alone, without a point or quotes."),
        ),
        "field.not_flag": Text(N_("{field}: {value} is neither true nor false."), N_("Write true or false.")),
        "programme.not_a_list": Text(
            N_("programmes: {value} is not a list."), N_('Write it like ["JKK", "JKM"].')
        ),
        "column.wrong_kind": Text(
            N_("The column {column} holds {kind}, not {wanted}."), N_("Convert the column.")
        ),
        "date.unreadable": Text(
            N_("{field}: “{value}” is not a date."), N_("Write it as year, month and day, like 2019-11-22.")
        ),
        "date.missing": Text(N_("The date of the event is missing."), N_("Write it like 2019-11-22.")),
        "date.before_law": Text(
            N_("The programmes begin on 1 July 2015; the date is before them."), N_("Ask for a later date.")
        ),
        "date.not_first_of_month": Text(
            N_("A pension begins on the first day of a month."), N_("Write the first day, like 2026-03-01.")
        ),
        "date.absurd": Text(N_("The month is too far in the future."), N_("Look whether the year is right.")),
        "on.missing": Text(N_("The day is missing."), N_("Write it like 2019-11-22.")),
        "on.before_law": Text(
            N_("The programmes begin on 1 July 2015; the day is before them."), N_("Ask for a later day.")
        ),
        "paid_on.missing": Text(N_("The day of payment is missing."), N_("Write it like 2019-11-22.")),
        "paid_on.before_law": Text(
            N_("The programmes begin on 1 July 2015; the payment is before them."),
            N_("Look whether the year is right."),
        ),
        "warned_on.missing": Text(
            N_("The day of the first warning is missing."), N_("Write it like 2019-11-22.")
        ),
        "warned_on.before_law": Text(
            N_("The programmes begin on 1 July 2015; the warning is before them."),
            N_("Look whether the year is right."),
        ),
        "cause.missing": Text(N_("The cause is missing."), N_("Write work_accident or other.")),
        "cause.unknown": Text(N_("“{cause}” is not a cause."), N_("Write work_accident or other.")),
        "type.missing": Text(
            N_("The kind of disability is missing."), N_("Write anatomical, functional or total.")
        ),
        "type.unknown": Text(
            N_("“{type}” is not a kind of disability."), N_("Write anatomical, functional or total.")
        ),
        "heir.missing": Text(N_("The heir is missing."), N_("Write spouse, child or parent.")),
        "heir.unknown": Text(N_("“{heir}” is not an heir."), N_("Write spouse, child or parent.")),
        "kind.missing": Text(N_("The kind of benefit is missing."), N_('Write it as “kind”, like "death".')),
        "kind.unknown": Text(
            N_("“{value}” is not a kind of benefit."),
            N_(
                "Write death, scholarship, temporary_disability, permanent_disability, pension, pension_age or "
                "late_penalty."
            ),
        ),
        "mode.missing": Text(N_("The way of transport is missing."), N_("Write land, sea or air.")),
        "mode.unknown": Text(N_("A way of transport is not known."), N_("Write land, sea or air.")),
        "cost.missing": Text(N_("The cost is missing."), N_("Write it in whole rupiah.")),
        "joined.missing": Text(
            N_("The first day of the unbroken cover is missing."),
            N_("Write it as “joined”, like 2019-11-22."),
        ),
        "joined.after_date": Text(
            N_("The cover begins after the event."), N_("Look which of the two dates is right.")
        ),
        "contribution_months.missing": Text(
            N_("The number of months paid is missing."), N_("Write it as a whole number, 0 or more.")
        ),
        "months.missing": Text(
            N_("The number of months is missing."), N_("Write a whole number, 0 or more.")
        ),
        "months.negative": Text(
            N_("The number of months is negative."), N_("Write a whole number, 0 or more.")
        ),
        "months.too_many": Text(
            N_("The number of months is above 1.200, a hundred years."),
            N_("Look whether the number is right."),
        ),
        "months_of_24.missing": Text(
            N_("The months paid within the last 24 are missing."), N_("Write a whole number, 0 to 24.")
        ),
        "consecutive_months.missing": Text(
            N_("The consecutive months paid before the dismissal are missing."), N_("Write a whole number.")
        ),
        "average_monthly_wage.missing": Text(
            N_("The average monthly wage is missing."), N_("Write it in whole rupiah, already indexed.")
        ),
        "table_percent.missing": Text(
            N_("The percentage of the disability table is missing."), N_("Write a number from 0 to 100.")
        ),
        "function_loss_percent.missing": Text(
            N_("The percentage of lost function is missing."), N_("Write a number from 0 to 100.")
        ),
        "percent.outside": Text(N_("A percentage is outside 0 to 100."), N_("Write a number from 0 to 100.")),
        "percent.too_fine": Text(
            N_("{field}: {value} has too many decimals."), N_("Write at most four decimals.")
        ),
        "density.missing": Text(
            N_("The share of months paid is missing."), N_("Write it in parts per million, like 800000.")
        ),
        "pension_limit.not_published": Text(
            N_("The pension limits of that year are not published."), N_("Ask for an earlier year.")
        ),
        "job_loss.not_yet": Text(
            N_("The job loss programme begins on 2 February 2021."), N_("Ask for a later date.")
        ),
        "children.missing": Text(
            N_("The children are missing."), N_("Write a list; without children, an empty one.")
        ),
        "children.not_a_list": Text(
            N_("children: {value} is not a list of children."),
            N_("Write a list of objects with birth_date, level and years_left_in_level."),
        ),
        "child.birth_date_missing": Text(
            N_("A child's birth date is missing."), N_("Write it like 2019-11-22.")
        ),
        "child.born_later": Text(
            N_("A child is born long after the event."), N_("Look which of the two dates is right.")
        ),
        "child.years_missing": Text(
            N_("The years left in a child's level are missing."), N_("Write a whole number, 0 or more.")
        ),
        "child.years_negative": Text(
            N_("The years left in a child's level are negative."), N_("Write a whole number, 0 or more.")
        ),
        "level.missing": Text(N_("A child's level is missing."), N_("Write TK_SD, SMP, SMA or PT.")),
        "level.unknown": Text(N_("A child's level is not known."), N_("Write TK_SD, SMP, SMA or PT.")),
        "jht.birth_date_missing": Text(N_("The birth date is missing."), N_("Write it like 1970-08-17.")),
        "birth_date.after_date": Text(
            N_("The birth date is after the day asked for."), N_("Look which of the two dates is right.")
        ),
        "penalty.not_for_construction": Text(
            N_("Late penalties of construction projects are not known here."), N_("Ask the BPJS branch.")
        ),
        "contribution.missing": Text(N_("The contribution is missing."), N_("Write it in whole rupiah.")),
        "employer.missing": Text(N_("The kind of employer is missing."), N_("Write private or state.")),
        "employer.unknown": Text(
            N_("“{employer}” is not a kind of employer."), N_("Write private or state.")
        ),
        "scale.missing": Text(
            N_("The scale of the business is missing."),
            N_("Write micro, small, medium, large or construction."),
        ),
        "scale.unknown": Text(
            N_("“{scale}” is not a scale of business."),
            N_("Write micro, small, medium, large or construction."),
        ),
        "scale.before_law": Text(
            N_("The scale test before 2 February 2021 is not known here."), N_("Ask for a later day.")
        ),
        "duty.not_yet": Text(
            N_("No rule for this employer is known on that day."), N_("Ask for a later day.")
        ),
        "reason.missing": Text(
            N_("The reason of the claim is missing."), N_("Write retirement, resignation …")
        ),
        "reason.unknown": Text(
            N_("“{reason}” is not a reason to claim JHT."), N_("Write retirement, resignation …")
        ),
        "balance.missing": Text(N_("The balance is missing."), N_("Write it in whole rupiah.")),
        "savings.not_yet": Text(
            N_("The claim rules before 26 April 2022 are not known here."), N_("Ask for a later date.")
        ),
        "savings.too_young": Text(
            N_("The full JHT is paid from the age of 56."), N_("Look at the birth date.")
        ),
        "savings.too_short": Text(
            N_("A partial claim needs ten years of participation."), N_("Look at the day of joining.")
        ),
        "returns.missing": Text(
            N_("The JHT return of {year} is not known."),
            N_("Enter the return that BPJS announced for that year; none is assumed."),
        ),
        "bulk.kind": Text(
            N_("{file} is neither CSV, Parquet nor XLSX."), N_("Save it as .csv, .parquet or .xlsx.")
        ),
        "bulk.missing": Text(N_("There is no file {file}."), N_("Look at the name and the folder.")),
        "bulk.empty": Text(
            N_("{file} is empty."),
            N_("Write the names of the columns in the first line: segment, programmes, month, wage …"),
        ),
        "bulk.ragged": Text(
            N_("{file} has a line with more cells than the first line has."),
            N_('Put quotes around a cell with a comma in it, like "JKK,JKM".'),
        ),
        "bulk.unwritable": Text(
            N_("{file} cannot be written: {problem}."), N_("Choose another folder or free some room.")
        ),
        "bulk.unreadable": Text(
            N_("{file} cannot be read: {problem}"), N_("Open and save it again, then retry.")
        ),
        "bulk.column": Text(
            N_("The column “{column}” is missing."),
            N_("The first row names segment, programmes, month, wage …"),
        ),
        "bulk.done": Text(N_("{rows} rows, {refused} refused, {total} together.")),
        "file.line_unreadable": Text(
            N_("{file}, line {line}: “{value}” cannot be read."),
            N_("Holidays: one date a line. Returns: year,rate like 2016,0.0719. Deposits: month,amount."),
        ),
        "head.parameter": Text(N_("Parameter")),
        "head.value": Text(N_("Value")),
        "head.from": Text(N_("From")),
        "head.until": Text(N_("Until")),
        "head.article": Text(N_("Article")),
        "head.confidence": Text(N_("Confidence")),
        "head.day": Text(N_("Day")),
        "head.checked_on": Text(N_("Last checked")),
        "head.amount": Text(N_("Amount")),
        "head.ends": Text(N_("ends")),
        "head.nothing_stale": Text(N_("Every parameter was checked within {days} days.")),
        "head.instruments": Text(N_("Instruments")),
        "head.promulgated": Text(N_("Promulgated")),
        "head.subject": Text(N_("Subject")),
        "head.official": Text(N_("Official text")),
        "report.title": Text(N_("The law as parameters")),
        "report.about": Text(
            N_(
                "Generated by `lindung law report`. Every value that the program knows, from when, by which article, and "
                "how well it is attested. Law version {version}. What is not attested by two sources is to be checked "
                "against the official text before a bill or a claim rests on it."
            )
        ),
        "topic.contribution": Text(N_("Contributions")),
        "topic.benefit": Text(N_("Benefits")),
        "topic.clock": Text(N_("Clocks")),
        "topic.payment": Text(N_("Payment and arrears")),
        "topic.duty": Text(N_("Duties and sanctions")),
        "amount.base": Text(N_("Base")),
        "amount.total": Text(N_("Together")),
        "amount.death_grant": Text(N_("Death grant")),
        "amount.periodic": Text(N_("Periodic grant, paid at once")),
        "amount.funeral": Text(N_("Funeral costs")),
        "amount.scholarship_eligible": Text(N_("Scholarship for the children")),
        "amount.per_child": Text(N_("Per child")),
        "amount.by_month": Text(N_("By month")),
        "amount.grant": Text(N_("Grant")),
        "amount.monthly": Text(N_("Pension a month")),
        "amount.lump_sum": Text(N_("Paid once: contributions and their return")),
        "amount.age": Text(N_("Retirement age")),
        "amount.months_late": Text(N_("Months late")),
        "amount.penalty": Text(N_("Penalty")),
        "amount.due_on": Text(N_("Due on")),
        "amount.eligible": Text(N_("Entitled")),
        "amount.cap": Text(N_("Paid at most")),
        "amount.paid": Text(N_("Paid")),
        "amount.payable": Text(N_("Payable")),
        "amount.payable_from": Text(N_("Payable from")),
        "amount.tax": Text(N_("Final tax when paid at once")),
        "amount.net": Text(N_("After tax")),
        "amount.yes": Text(N_("yes")),
        "amount.no": Text(N_("no")),
        "amount.opening": Text(N_("Opening balance")),
        "amount.deposited": Text(N_("Deposited")),
        "amount.earned": Text(N_("Return")),
        "amount.closing": Text(N_("Closing balance")),
        "amount.year": Text(N_("Year")),
        "law.nothing_known": Text(
            N_("The law as it was known on that day has no value for this."),
            N_("Ask for a later day of knowledge."),
        ),
        "first_joined.after_joined": Text(
            N_("The first cover begins after the present one."), N_("Look which of the two dates is right.")
        ),
        "duty.programmes_told": Text(
            N_("On {on}: compulsory: {compulsory}; by choice: {optional} ({articles}).")
        ),
        "duty.non_asn": Text(
            N_("Non-ASN staff on {on}: compulsory: {compulsory}; by choice: {optional} ({articles}).")
        ),
        "duty.jht_unsaid": Text(
            N_("The scheme does not say what the city's rule is about JHT; JKK and JKM are taken.")
        ),
        "duty.jht_off": Text(N_("The city's rule: JKK and JKM, no JHT.")),
        "duty.jht_optional": Text(N_("The city's rule: an office may choose JHT.")),
        "duty.jht_compulsory": Text(N_("The city's rule: JHT is compulsory too.")),
        "duty.jht_disputed": Text(
            N_(
                "Not verified: the sources disagree about JHT of non-ASN staff (Permenaker 1/2025 Pasal 3A). Two say JKK "
                "and JKM, two say JKK, JKM and JHT. The city's rule and the branch of BPJS decide."
            )
        ),
        "duty.sanction_private": Text(
            N_("The steps of a sanction are for employers other than the state."),
            N_("Leave out --warned-on."),
        ),
        "amount.warned_on": Text(N_("First written warning on")),
        "amount.second_warning_from": Text(N_("Second written warning from")),
        "amount.fine_from": Text(N_("Fine from")),
        "amount.fine_until": Text(N_("Fine until")),
        "amount.fine_per_month": Text(N_("Fine a month")),
        "amount.public_services_from": Text(N_("Public services may be refused from")),
        "duty.none": Text(N_("nothing")),
        "bulk.too_many_rows": Text(
            N_("{rows} rows do not fit an XLSX sheet, which holds {limit}."),
            N_("Write .csv or .parquet instead."),
        ),
    }
)

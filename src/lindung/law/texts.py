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
    }
)

"""Everything that leaves the office on paper or as a file, as bytes: plain data in, nothing remembered.

`tables`   Column, Table; xlsx(tables) -> bytes; csv(table) -> bytes; pdf(table, letterhead=, printed=) -> bytes;
           masked_nik(expr) -> expr; grouped_kpj(kpj) -> str
`paper`    Letterhead, Signatory, Printed, Paper (pdf() docx() xlsx() -> bytes), long_date, period, in_words
`bpjs`     formats() -> {version: Format}; recognise(template, filename) -> version;
           fill(template | None, version, rows, filename=) -> [(filename, bytes)], 10,000 rows each;
           preflight(version, rows, template=, filename=) -> finding frame; is_kpj(text) -> bool
`answers`  read_answer(content, name) -> Answer(rows, findings, mapping, sha256)
`decree`   decree(Decree, members, funding, edition="full"|"masked") -> Paper; amendment(Decree, changes, members, amended=,
           ordinal=, edition=) -> Paper; recapitulation(members, categories) -> Table; names(members, edition) -> Table;
           changes_table(changes, edition) -> Table
`cards`    pdf(people, Issuer, private_key, progress=) -> bytes: ten a sheet, fronts and backs in turn
`qr`       new_key() -> bytes; public_key(private); key_id(public); web_keys(keys); sign(Claim, private, base_url) -> str;
           verify(text, {key id: public}) -> Claim
"""

from lindung.papers import texts as _texts  # noqa: F401

"""Everything that leaves the office on paper or as a file, as bytes: plain data in, nothing remembered.

`tables`   Column, Table; xlsx(tables) -> bytes; csv(table) -> bytes; pdf(table, letterhead=, printed=) -> bytes;
           masked_nik(expr) -> expr; grouped_kpj(kpj) -> str
`paper`    Letterhead, Signatory, Printed, Paper (pdf() docx() xlsx() -> bytes), long_date, period, in_words
`bpjs`     formats() -> {version: Format}; recognise(template, filename) -> version;
           lines(template | None, version, rows, filename=) -> [cells of a row];
           fill(template | None, version, rows, filename=) -> [(filename, bytes)], 10,000 rows each;
           preflight(version, rows, template=, filename=) -> finding frame; is_kpj(text) -> bool
`answers`  read_answer(content, name) -> Answer(rows, findings, mapping, sha256)
`decree`   decree(Decree, members, funding, edition="full"|"masked") -> Paper; amendment(Decree, changes, members, amended=,
           ordinal=, edition=) -> Paper; recapitulation(members, categories) -> Table; names(members, edition) -> Table;
           changes_table(changes, edition) -> Table
`letters`  Envelope (letterhead, signatory, place, to, number, day, copies …) and a function a paper -> Paper:
           request_for_data, cover_and_responsibility, verification_minutes, changes_minutes, memo, bpjs_cover
`lists`    table(kind, rows, lines, notes=) -> Table, kinds and their columns in KINDS: check_population, check_welfare,
           check_bpjs, rejections, nominative, deductions, payments, budget, receipts, receipts_recap, units, places,
           movements; roster_form(categories, wage_earners=) -> Table; ls_checklist(lines, present) -> Table;
           correction_sheets(rows, printed=) -> Paper
`cards`    pdf(people, Issuer, private_key, processes=, progress=) -> bytes: ten a sheet, fronts and backs in turn
`qr`       new_key() -> bytes; public_key(private); key_id(public); web_keys(keys); sign(Claim, private, base_url) -> str;
           verify(text, {key id: public}) -> Claim
"""

from lindung.papers import texts as _texts  # noqa: F401

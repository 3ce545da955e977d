"""Everything that leaves the office on paper or as a file, as bytes: plain data in, nothing remembered.

`tables`  Column, Table; xlsx(tables) -> bytes; csv(table) -> bytes; pdf(table, letterhead=, printed=) -> bytes;
          masked_nik(expr) -> expr; grouped_kpj(kpj) -> str
`paper`   Letterhead, Signatory, Printed, Paper (pdf(templates) docx() xlsx() -> bytes), long_date, period, in_words
"""

from lindung.papers import texts as _texts  # noqa: F401

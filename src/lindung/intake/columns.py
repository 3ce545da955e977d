"""Which row names the columns, and which column is what: by header, and by content where headers leave it open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from lindung.intake.headers import GENERIC, meaning, meaning_if_mistyped, plain
from lindung.intake.read import Sheet

CANONICAL = (
    "nik", "name", "birth_date", "birth_place", "sex", "address", "rt", "rw", "kelurahan", "kecamatan", "phone",
    "mother_name", "category", "occupation", "wage", "employer", "start_date", "kk_number", "bank_account",
)  # fmt: skip
# sex ticked in a column for men and one for women; a birth date with day, month and year in columns of their own
BESIDE = {"sex_of_women": "sex", "birth_month": "birth_date", "birth_year": "birth_date"}
TITLE_ROWS = 80  # the header stands among the first so many rows that hold anything
LOOKED_AT = 400  # rows of content that are enough to know a column


@dataclass(frozen=True)
class Layout:
    """Where things stand on one sheet. `columns`: canonical name → index of its column; "ttl" (place and date of
    birth together) and "rt_rw" are columns of their own kind, "number" the running number, and `BESIDE` what stands in
    columns beside the one it belongs to. `first`, `last`: the rows of the header (as in `Sheet.cells.row`); `headers`:
    index → text as it stands."""

    columns: dict[str, int]
    headers: dict[int, str]
    first: int
    last: int

    def mapping(self) -> dict[str, str]:
        """Canonical column → header text, in canonical order."""
        return {name: self.headers[n] for name, n in self.spots().items() if n in self.headers}

    def spots(self) -> dict[str, int]:
        """Canonical column → index of the column that holds it."""
        shared = {"birth_place": "ttl", "birth_date": "ttl", "rt": "rt_rw", "rw": "rt_rw"}
        found = {name: self.columns.get(name, self.columns.get(shared.get(name, ""))) for name in CANONICAL}
        return {name: index for name, index in found.items() if index is not None}


# ------------------------------------------------------------------------------------------------- finding the header


def header_rows(sheet: Sheet) -> tuple[int, int] | None:
    """Positions (in `cells`) of the first and last row of the header, or None."""
    return _header_rows(_rows(sheet, TITLE_ROWS))


def _rows(sheet: Sheet, most: int) -> list[tuple[str, ...]]:
    cells = sheet.cells.select(pl.exclude("row"))
    filled = (
        cells.head(most * 20).with_row_index("_at").filter(~pl.all_horizontal(pl.exclude("_at").is_null()))
    )
    last = filled["_at"].head(most).max()
    return [
        tuple((value or "").strip() for value in row)
        for row in cells.head(0 if last is None else int(last) + 1).iter_rows()  # type: ignore[arg-type]
    ]


def _score(row: Sequence[str]) -> int:
    """How many different columns a row names; 0 where it holds what only data hold."""
    names = set()
    for text in row:
        if not text:
            continue
        if re.search(r"\d{6,}|\d[/.-]\d+[/.-]\d", text):
            return 0
        found = meaning(text)
        if found and len(text) <= 60:
            names.add(found[0][0])
    return len(names)


def _header_rows(rows: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    scores = [_score(row) for row in rows]
    best = max(scores, default=0)
    if best < 2:
        return None
    at = next(
        n for n, score in enumerate(scores) if score >= max(2, best * 0.6) and (score >= 3 or score == best)
    )
    first = last = at
    while last + 1 < len(rows) and last - at < 2 and _continues(rows[last], rows[last + 1]):
        last += 1
    while first > 0 and at - first < 2 and _leads(rows[first - 1], rows[first]):
        first -= 1
    return first, last


def _continues(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether `lower` is the second half of a header that `upper` begins."""
    texts = [(n, text) for n, text in enumerate(lower) if text]
    if not texts or any(re.search(r"\d{3,}", text) or re.fullmatch(r"\W*\d+\W*", text) for _, text in texts):
        return False
    same = sum(text == upper[n] for n, text in texts)
    beneath_nothing = sum(not upper[n] for n, _ in texts)
    named = sum(bool(meaning(text)) or plain(text) in ("l", "p", "jalan", "urut") for _, text in texts)
    # beneath a group name only its first sub-header may stand: the others are beneath blanks
    return same == 0 and named >= 2 and named * 2 >= len(texts) and 2 * beneath_nothing >= len(texts) - 1


def _leads(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether `upper` is a row of group names or vertically merged names above the header row `lower`."""
    texts = [(n, text) for n, text in enumerate(upper) if text]
    if len(texts) < 2 or any(re.search(r"\d{3,}", text) or len(text) > 60 for _, text in texts):
        return False
    named = sum(bool(meaning(text)) for _, text in texts)
    return named >= 2 and named * 2 >= len(texts)


# ------------------------------------------------------------------------------------------------- naming the columns

Recogniser = Callable[[pl.Series], pl.Series]


def layout(sheet: Sheet, recognise: Recogniser, known: Mapping[str, str] | None = None) -> Layout | None:
    """What stands where, or None where no row names columns. `known`: header text → canonical name ("": not used), as
    somebody has confirmed it for this sender; it overrules. `recognise`: texts → category id or null, which tells a column of
    categories from one of occupations."""
    rows = _rows(sheet, TITLE_ROWS)
    found = _header_rows(rows)
    if not found:
        return None
    first, last = found
    width = sheet.width
    block = [list(row) for row in rows[first : last + 1]]
    raw = sheet.cells.select(pl.exclude("row")).slice(first, last - first + 1).rows()
    headers: dict[int, str] = {}
    texts: dict[int, list[str]] = {}
    above = _spread(block, sheet, first)
    for n in range(width):
        stack = [(block[r][n], raw[r][n]) for r in range(len(block)) if block[r][n]]
        if stack:
            headers[n] = stack[-1][1]
            parents = [above[r][n] for r in range(len(block)) if above[r][n]]
            texts[n] = list(dict.fromkeys([*parents, stack[-1][0]]))
    content = sheet.cells.select(pl.exclude("row")).slice(last + 1, LOOKED_AT)
    columns = _assign(texts, content, recognise, headers, known or {})
    numbers = sheet.cells["row"]
    return Layout(columns, headers, numbers[first], numbers[last])


_HEADER_WORD = (
    r"(?i)\b(nama|nik|n\.?i\.?k|no|nomor|tempat|tgl|tanggal|lahir|alamat|jabatan|kelamin|l/p|jk|hp|rt|name)\b"
)


def parts(sheet: Sheet, found: Layout) -> list[Sheet]:
    """The sheet, cut before each further table whose header puts the columns in another order."""
    column = sheet.cells[f"c{found.columns['nik']}"]
    below = sheet.cells["row"] > found.last
    possible = (below & column.str.contains(_HEADER_WORD) & (column.str.len_chars() <= 40)).fill_null(False)
    for at in possible.arg_true():
        named = {
            name: n
            for n, text in enumerate(sheet.cells.row(at)[1:])
            if text and len(text) <= 60 and not re.search(r"\d{4}", text)
            for name, _ in meaning(text)[:1]
        }
        moved = [name for name, n in named.items() if found.columns.get(name, n) != n]
        if len(named) < 3 or len(moved) < 2:
            continue
        before = column.head(at).str.contains(r"\d{6}").fill_null(False).arg_true().max()
        cut = at if before is None else int(before) + 1  # type: ignore[arg-type]
        return [_cut(sheet, 0, cut), _cut(sheet, cut, sheet.cells.height - cut)]
    return [sheet]


def _cut(sheet: Sheet, start: int, length: int) -> Sheet:
    numeric = {n: marks.slice(start, length) for n, marks in sheet.numeric.items()}
    rows, row = sheet.cells["row"], pl.col("row")
    after = rows[start + length] if start + length < rows.len() else 2**40
    lost = sheet.lost.filter(start == 0 or row >= rows[start], row < after)
    return replace(sheet, cells=sheet.cells.slice(start, length), numeric=numeric, lost=lost)


def _spread(block: list[list[str]], sheet: Sheet, first: int) -> list[list[str]]:
    """The header with group names written over all the columns they stand above."""
    spread = [list(row) for row in block]
    top = sheet.cells["row"][first]
    for r1, c1, r2, c2 in sheet.merges:
        if top <= r1 < top + len(block) and c2 > c1 and r1 == r2:
            text = block[r1 - top][c1]
            spread[r1 - top][c1 : c2 + 1] = [text] * (min(c2, len(block[0]) - 1) - c1 + 1)
    for r in range(
        len(block) - 1
    ):  # without merged cells: to the right, as long as only the row below names columns
        for n in range(1, len(block[r])):
            if not spread[r][n] and spread[r][n - 1] and block[r + 1][n] and block[r + 1][n - 1]:
                spread[r][n] = spread[r][n - 1]
    return spread


def _assign(
    texts: Mapping[int, Sequence[str]],
    content: pl.DataFrame,
    recognise: Recogniser,
    headers: Mapping[int, str],
    known: Mapping[str, str],
) -> dict[str, int]:
    told = {" ".join(text.split()).lower(): name for text, name in known.items()}
    claims: list[tuple[float, int, str]] = []
    taken: set[int] = set()
    shares = {n: _shares(content[f"c{n}"]) for n in range(content.width)}
    for n, stack in texts.items():
        own = " ".join(headers[n].split()).lower()
        if own in told:
            if told[own]:
                claims.append((1000.0, -n, told[own]))
            else:  # confirmed as a column that is not used: nothing else makes something of it
                taken.add(n)
            continue
        lower = stack[-1]
        possible = dict(meaning_if_mistyped(lower))
        if len(stack) > 1 and (not possible or GENERIC.match(plain(lower)) or "role" in possible):
            whole = dict(meaning(" ".join(stack))) or dict(meaning(" ".join(reversed(stack))))
            possible = whole or possible
        looks = _looks(content[f"c{n}"], shares[n])
        for name, weight in possible.items():
            claims.append((weight + looks.get(name, 0.0), -n, name))
    born = _born_in_three(texts, content)
    if any(name in ("birth_date", "ttl") and -minus not in born.values() for _, minus, name in claims):
        born = {}
    columns: dict[str, int] = {**born, **_ticked(texts, content)}
    taken.update(columns.values())
    roles: list[tuple[float, int]] = []
    for claim, minus, name in sorted(claims, reverse=True):
        n = -minus
        if n in taken or (name in columns and name != "role"):
            continue
        if name in ("role", "category", "occupation") and claim < 1000:
            roles.append((claim, n))
        else:
            columns[name] = n
        taken.add(n)
    _complete(columns, taken, content, texts, shares)
    _roles(columns, roles, content, recognise, texts)
    if "ttl" in columns:
        date_column, place_column = columns.get("birth_date"), columns.get("birth_place")
        if date_column is not None and place_column is not None:
            del columns["ttl"]
    if "birth_date" in columns and "birth_place" not in columns and "ttl" not in columns:
        share = shares[columns["birth_date"]][_PLACE_THEN_DATE]
        if share > 0.5 and not re.search(r"tgl|tanggal", plain(headers.get(columns["birth_date"], ""))):
            columns["ttl"] = columns.pop("birth_date")
    return columns


def _ticked(texts: Mapping[int, Sequence[str]], content: pl.DataFrame) -> dict[str, int]:
    """Two neighbours "L" and "P" of which each row marks one."""
    for n in sorted(texts):
        heads = [plain(texts[m][-1]) if m in texts else "" for m in (n, n + 1)]
        for men, women in (("l", "p"), ("lk", "pr"), ("laki laki", "perempuan"), ("pria", "wanita")):
            if sorted(heads) != sorted((men, women)):
                continue
            one, other = (
                ~content[f"c{m}"].str.contains(UNTICKED).fill_null(True)
                for m in (n + heads.index(men), n + heads.index(women))
            )
            ticked = one | other
            if ticked.sum() >= 2 and 10 * int((one ^ other).sum()) >= 9 * int(ticked.sum()):
                return {"sex": n + heads.index(men), "sex_of_women": n + heads.index(women)}
    return {}


def _born_in_three(texts: Mapping[int, Sequence[str]], content: pl.DataFrame) -> dict[str, int]:
    """Three neighbours "Tgl", "Bln", "Thn" that hold a date of birth; not one when somebody began to work."""
    for n in sorted(texts):
        stacks = [texts.get(n + k, [""]) for k in range(3)]
        group = plain(" ".join(stacks[0][:-1]))
        if re.search(r"kerja|tmt|mulai|masuk|kontrak|angkat|\bsk\b", group):
            continue
        words = zip(_DAY_MONTH_YEAR, stacks, strict=True)
        if all(re.fullmatch(word, plain(stack[-1])) for word, stack in words):
            held = [content[f"c{n + k}"].drop_nulls().str.strip_chars() for k in range(3)]
            shapes = (r"^\d{1,2}$", r"^(\d{1,2}|[A-Za-z]{3,9}\.?)$", r"^(19|20)\d\d$")
            fitting = [cells.str.contains(shape).sum() for cells, shape in zip(held, shapes, strict=True)]
            if all(10 * fit >= 7 * max(1, cells.len()) for fit, cells in zip(fitting, held, strict=True)):
                return {"birth_date": n, "birth_month": n + 1, "birth_year": n + 2}
    return {}


UNTICKED = r"^[\s\-–—_.0]*$"
_DAY_MONTH_YEAR = (
    r"(tgl|tanggal|hari|dd)( lahir)?",
    r"(bln|bulan|bl|mm)( lahir)?",
    r"(thn|tahun|th|yyyy)( lahir)?",
)
SIXTEEN = r"^['`’\s]*(\d[\s.\-/]?){14,17}\W*$"
_PHONE = r"^\s*(\+?62|0)?[\s.\-]*8\d([\s.\-]*\d){6,11}\s*$"
_DATE = r"^\s*(\d{1,2}\s*[-/. ]\s*(\d{1,2}|[A-Za-z]{3,9})\s*[-/. ]\s*(\d{4}|\d{2})|\d{4}-\d{1,2}-\d{1,2})\b"
_SEX = r"(?i)^\s*(l|p|lk|pr|laki.*|perempuan|pria|wanita|1|2|m|f)\s*$"
_SEX_IN_WORDS = r"(?i)^\s*(l|p|lk|pr|laki.*|perempuan|pria|wanita)\s*$"
_PLACE_THEN_DATE = r"^\s*[A-Za-z .]{3,},?\s*\d"
_NAME = r"^[\s]*[A-Za-z][A-Za-z'’.,\s]+$"
_FOUR_DIGITS = r"\d{4,}"
_PATTERNS = (SIXTEEN, _PHONE, _DATE, _SEX, _SEX_IN_WORDS, _PLACE_THEN_DATE, _NAME, _FOUR_DIGITS)


def _shares(column: pl.Series) -> dict[str, float]:
    """Pattern → the share of the cells that hold anything which match it; one pass over the column for all patterns."""
    filled = column.drop_nulls().str.strip_chars()
    filled = filled.filter(filled != "")
    if filled.is_empty():
        return dict.fromkeys(_PATTERNS, 0.0)
    cell = pl.col(column.name)
    found = filled.to_frame().select(
        cell.str.contains(p).mean().alias(str(n)) for n, p in enumerate(_PATTERNS)
    )
    return dict(zip(_PATTERNS, found.row(0), strict=True))


def _looks(column: pl.Series, shares: Mapping[str, float]) -> dict[str, float]:
    """What the content adds to (or takes from) a claim; small, so that a plain header wins."""
    if column.len() - column.null_count() < 3:
        return {}
    return {
        "nik": 2 * shares[SIXTEEN],
        "kk_number": shares[SIXTEEN],
        "phone": shares[_PHONE],
        "birth_date": shares[_DATE],
        "sex": shares[_SEX],
        "name": shares[_NAME] - 3 * shares[_FOUR_DIGITS],
    }


def _complete(
    columns: dict[str, int],
    taken: set[int],
    content: pl.DataFrame,
    texts: Mapping[int, Sequence[str]],
    shares: Mapping[int, Mapping[str, float]],
) -> None:
    """Columns whose header says nothing (or is missing) by what they hold, where that is beyond doubt."""
    for name, pattern, least in (
        ("nik", SIXTEEN, 0.7),
        ("birth_date", _DATE, 0.7),
        ("phone", _PHONE, 0.8),
        ("sex", _SEX_IN_WORDS, 0.9),
    ):
        if name in columns or (name == "birth_date" and "ttl" in columns):
            continue
        for n in range(content.width):
            if n in taken or (name != "nik" and n in texts and len(texts[n]) and meaning(texts[n][-1])):
                continue
            column = content[f"c{n}"]
            if column.len() - column.null_count() >= 3 and shares[n][pattern] >= least:
                columns[name] = n
                taken.add(n)
                break


def _roles(
    columns: dict[str, int],
    roles: list[tuple[float, int]],
    content: pl.DataFrame,
    recognise: Recogniser,
    texts: Mapping[int, Sequence[str]],
) -> None:
    """Among the columns that say what somebody does: the one the scheme recognises is the category."""

    def share(n: int) -> float:
        filled = content[f"c{n}"].drop_nulls().str.strip_chars()
        filled = filled.filter(filled.str.contains("[A-Za-z]")).unique()
        return float(recognise(filled).is_not_null().mean() or 0.0) if filled.len() else 0.0  # type: ignore[arg-type]

    def said(n: int, name: str) -> bool:
        return any(found == name for found, _ in meaning(texts[n][-1]))

    if (
        not roles and "category" not in columns
    ):  # a header that says nothing: what the scheme recognises most of
        used = set(columns.values())
        likely = [n for n in range(content.width) if n not in used and share(n) >= 0.7]
        columns.update({"category": likely[0]} if likely else {})
    if not roles:
        return
    ranked = sorted(
        roles, key=lambda item: (share(item[1]) >= 0.3, share(item[1]) + 0.3 * said(item[1], "category"))
    )
    if "category" not in columns:
        best = ranked[-1][1]
        if (
            share(best) > 0
            or said(best, "category")
            or (len(roles) == 1 and not re.search(r"pekerjaan|profesi|pencaharian", plain(texts[best][-1])))
        ):
            columns["category"] = best
    rest = [n for _, n in sorted(roles, reverse=True) if n != columns.get("category")]
    rest.sort(key=lambda n: not re.search(r"pekerjaan|profesi|jabatan|okupasi", plain(texts[n][-1])))
    if rest and "occupation" not in columns and not re.search(r"^status", plain(texts[rest[0]][-1])):
        columns["occupation"] = rest[0]

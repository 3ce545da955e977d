from lindung.intake.diff import compare


def test_joiners_leavers_and_changes(write, checked, head, people):
    before = checked(write([head, *people], "before.csv")).rows
    later = [list(row) for row in people[1:]]
    later[0][1] = "SITI AISYAH"  # capitals are no change
    later[1][7] = "081300009999"
    later[2][2] = ""  # the NIK was lost; name and birth date still tell who it is
    later.append([7, "Tohir", "3674030101805007", "01-01-1980", "L", "Jl. Mawar 1", "Ketua RT", ""])
    after = checked(write([head, *later], "after.csv")).rows

    found = compare(before, after)

    assert before.filter(before["row_id"].is_in(found.leavers.implode()))["name"].to_list() == [
        "Asnawi Hasbi"
    ]
    assert after.filter(after["row_id"].is_in(found.joiners.implode()))["name"].to_list() == ["Tohir"]
    assert found.changes.select("column", "old", "new").rows() == [
        ("phone", "+6281300005003", "+6281300009999"),
        ("nik", "3674066508745004", None),
    ]
    assert found.pairs["changed"].to_list() == [False, True, True, False, False]
    assert found.pairs["how"].to_list() == ["nik", "nik", "name", "nik", "nik"]


def test_corrected_copy_pairs_rows_by_their_place(write, checked, head, people):
    people[0][2], people[0][3] = "-", "??-01-1978"
    before = checked(write([head, *people], "before.csv")).rows
    people[0][2], people[0][3] = "3674031701785001", "17-01-1978"
    after = checked(write([head, *people], "after.csv")).rows

    found = compare(before, after, corrected=True)

    assert found.joiners.is_empty()
    assert found.leavers.is_empty()
    assert found.pairs["how"].to_list()[0] == "place"
    assert found.changes["column"].to_list() == ["nik", "birth_date"]


def test_nobody_is_paired_twice(write, checked, head, people):
    people[1][2] = people[0][2]
    before = checked(write([head, *people], "before.csv")).rows
    found = compare(before, before)
    assert found.pairs.height == 6
    assert found.pairs["a_row_id"].n_unique() == found.pairs["b_row_id"].n_unique() == 6
    assert found.changes.is_empty()

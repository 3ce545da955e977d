from lindung.base.messages import N_, Text, declare

declare(
    {
        "regions.missing": Text(
            N_("The table of region codes ({path}) is not there."), N_("Run `make setup` once.")
        ),
        # Why two rows are taken for one human: `matching.<field>.<level>`, strung together by `matching.reasons`.
        "matching.name.different": Text(N_("different names")),
        "matching.name.alike": Text(N_("names that look alike")),
        "matching.name.part": Text(N_("one name is part of the other")),
        "matching.name.close": Text(N_("names a letter or two apart, or in another order")),
        "matching.name.sound": Text(N_("names that sound the same")),
        "matching.name.same": Text(N_("same name")),
        "matching.birth_date.different": Text(N_("different birth dates")),
        "matching.birth_date.part": Text(N_("birth dates that differ in the day, the month or the year")),
        "matching.birth_date.digit": Text(N_("birth dates one digit apart")),
        "matching.birth_date.swapped": Text(N_("day and month of birth have changed places")),
        "matching.birth_date.nik": Text(N_("the birth date is the one in the other NIK")),
        "matching.birth_date.same": Text(N_("same birth date")),
        "matching.nik.different": Text(N_("different NIK")),
        "matching.nik.person_beside": Text(N_("NIK with serial numbers next to each other")),
        "matching.nik.serial_digits": Text(N_("NIK a digit or two apart in the serial number")),
        "matching.nik.digits": Text(N_("NIK a digit or two apart")),
        "matching.nik.digit": Text(N_("NIK one digit apart")),
        "matching.mother_name.different": Text(N_("different mother's names")),
        "matching.mother_name.close": Text(N_("mother's names that look alike")),
        "matching.mother_name.same": Text(N_("same mother's name")),
        "matching.address.different": Text(N_("different addresses")),
        "matching.address.close": Text(N_("addresses that look alike")),
        "matching.address.same": Text(N_("same address")),
        "matching.rt_rw.different": Text(N_("different RT/RW")),
        "matching.rt_rw.same": Text(N_("same RT/RW")),
        "matching.kelurahan.different": Text(N_("different kelurahan")),
        "matching.kelurahan.same": Text(N_("same kelurahan")),
        "matching.kk_number.different": Text(N_("different family card numbers")),
        "matching.kk_number.close": Text(N_("family card numbers a digit or two apart")),
        "matching.kk_number.same": Text(N_("same family card number")),
        "matching.phone.different": Text(N_("different phone numbers")),
        "matching.phone.close": Text(N_("phone numbers one digit apart")),
        "matching.phone.same": Text(N_("same phone number")),
        "matching.sex.different": Text(N_("different sex")),
        "matching.sex.same": Text(N_("same sex")),
    }
)

import pytest
from django.db import DatabaseError, connection, transaction

from lindung.registry import audit
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import AuditEntry, Death, History, Person

pytestmark = pytest.mark.django_db
NOBODY = Actor(None, "office", "cli")


def person(nik: str = "3674011501805001", name: str = "CONTOH SATU") -> Person:
    return Person.objects.create(nik=nik, name=name, birth_date="1980-01-15")


def test_a_write_without_an_entry_is_refused():
    with pytest.raises(DatabaseError, match="no audit entry"), transaction.atomic():
        person()


def test_an_action_leaves_one_entry_and_the_old_and_new_values():
    with recorded(NOBODY, "add_person") as entry:
        someone = person()
        entry.about(someone, reason="test")
    with recorded(NOBODY, "rename"):
        Person.objects.filter(pk=someone.pk).update(name="CONTOH DUA")
    assert [e.action for e in AuditEntry.objects.order_by("position")][-2:] == ["add_person", "rename"]
    change = History.objects.get(operation="U", table="registry_person")
    assert (change.old, change.new) == ({"name": "CONTOH SATU"}, {"name": "CONTOH DUA"})
    assert list(audit.problems()) == []


def test_a_nested_action_has_its_own_entry_and_the_outer_goes_on():
    with recorded(NOBODY, "outer"):
        with recorded(NOBODY, "inner"):
            person()
        Death.objects.create(nik="3674011501805001", name="CONTOH", died_on="2020-01-01")
    outer, inner = AuditEntry.objects.get(action="outer"), AuditEntry.objects.get(action="inner")
    assert History.objects.get(table="registry_death").entry_id == outer.id
    assert History.objects.get(table="registry_person").entry_id == inner.id
    assert inner.position < outer.position
    assert list(audit.problems()) == []


def tampered(sql: str) -> list[str]:
    """Change something behind the trail's back, as somebody with the database in hand could."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("set local session_replication_role = origin")
    return list(audit.problems())


def test_every_change_behind_its_back_is_found():
    with recorded(NOBODY, "add_people"):
        for serial in range(5001, 5006):
            person(f"367401150180{serial}", f"CONTOH {serial}")
    with recorded(NOBODY, "rename"):
        Person.objects.filter(nik="3674011501805003").update(name="LAIN", phone="1")
        Person.objects.filter(nik="3674011501805003").update(name="LAGI")
        Person.objects.filter(nik="3674011501805004").delete()
    assert list(audit.problems()) == []
    for sql in (
        "update registry_person set name = 'X' where nik = '3674011501805001'",
        "update registry_person set name = 'X' where nik = '3674011501805003'",
        "delete from registry_person where nik = '3674011501805002'",
        "insert into registry_person (nik, name, birth_date, birth_place, sex, mother_name, address, phone, kk_number)"
        " values ('3674011501805009', 'X', '1980-01-15', '', '', '', '', '', '')",
        "update registry_auditentry set action = 'other' where action = 'rename'",
        "update registry_person set phone = '2' where nik = '3674011501805003'",
        "update registry_person set mother_name = 'X' where nik = '3674011501805003'",
        "update registry_history set old = jsonb_set(old, '{name}', '\"Y\"') where operation = 'D'",
        "update registry_history set new = jsonb_set(new, '{name}', '\"Y\"') where operation = 'U'",
        "delete from registry_history where operation = 'U'",
    ):
        point = transaction.savepoint()
        assert tampered(sql), sql
        transaction.savepoint_rollback(point)
    assert list(audit.problems()) == []


def test_the_trail_itself_cannot_be_changed():
    with recorded(NOBODY, "add_person"):
        person()
    for sql in (
        "update registry_auditentry set action = 'x'",
        "delete from registry_history",
        "truncate registry_marker",
    ):
        with (
            pytest.raises(DatabaseError, match="not allowed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_every_record_table_is_watched():
    with connection.cursor() as cursor:
        cursor.execute(
            """select c.relname from pg_class c where c.relkind = 'r' and c.relname ~ '^(registry|enrolment|contributions|coverage)_'
               and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'audit_insert')"""
        )
        assert {name for (name,) in cursor.fetchall()} == {
            "registry_auditentry",
            "registry_history",
            "registry_region",
            "registry_auditcheck",  # append only
            "registry_secondfactor",  # a secret would stand in the history for ever
            "registry_signedin",
            "registry_tally",
            "registry_figure",  # can be reckoned again
            "registry_touched",  # follows the trail, is no record
        }

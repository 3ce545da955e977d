"""A small city: one scheme of two categories, two paying offices, three sending kelurahan, six accounts. All invented."""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung.contributions import actions as money
from lindung.enrolment import actions as enrol
from lindung.enrolment.models import Roster
from lindung.registry import actions as register
from lindung.registry.audit import Actor
from lindung.registry.models import Scheme, Unit
from lindung.registry.queries import units_by_code

SCHEME = """
id: contoh-2019
locality: "36.74"
document: {kind: perwal, number: 99, year: 2019, status: diundangkan, dates: {diundangkan: 2019-10-01}, title: {id: Contoh perlindungan, en: Example protection}}
track: decree
segment: BPU
programmes: [JKK, JKM]
wage: {amount: 1000000, assumed: true, source: lowest bracket}
payer: {kind: APBD, fund: APBD, method: LS}
period: {from: 2019-11-01, until: 2019-12-31}
reported:
  - {key: total, value: 5, about: false, quote: "invented"}
categories:
  - {id: rt_head, label: {id: Ketua RT, en: RT head}, target: 4, payer: {unit: bagian-pemerintahan}, aliases: [RT]}
  - {id: kader, label: {id: Kader kesehatan, en: Health cadre}, target: 3, payer: {unit: dinkes}, aliases: [Kader Posyandu]}
conditions:
  - {kind: age, from: 17, below: 65}
  - {kind: not_already_covered, scope: any}
  - {kind: alive}
"""
ON = date(2019, 11, 22)
HEAD = "NIK,Nama,Tgl Lahir,JK,RT,RW,Kelurahan,Kategori"
PEOPLE = [
    "3674031501805001,ANI CONTOH,15-01-1980,L,1,2,Pondok Jaya,Ketua RT",
    "3674031602815002,BUDI CONTOH,16-02-1981,L,2,2,Pondok Jaya,Ketua RT",
    "3674035703825003,CITRA CONTOH,17-03-1982,P,3,2,Pondok Jaya,Kader kesehatan",
    "3674035804835004,DEWI CONTOH,18-04-1983,P,4,2,Pondok Jaya,Kader Posyandu",
    "3674031905845005,EKO CONTOH,19-05-1984,L,5,2,Pondok Jaya,RT",
]


def csv(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


class City:
    """The scheme, its units and who works in it; and the usual way of a list, step by step."""

    def __init__(self) -> None:
        system = Actor(None)
        self.scheme: Scheme = register.load_scheme(SCHEME, "contoh.yaml", actor=system).scheme
        register.register_units(
            self.scheme,
            pl.DataFrame(
                {
                    "code": ["bagian-pemerintahan", "dinkes", "pondok-jaya", "parigi"],
                    "name": ["Bagian Pemerintahan", "Dinkes", "Kelurahan Pondok Jaya", "Kelurahan Parigi"],
                    "kind": ["opd", "opd", "kelurahan", "kelurahan"],
                    "region_code": [None, None, "36.74.03.1004", "36.74.03.1008"],
                    "parent": [None] * 4,
                    "npp": [None] * 4,
                    "branch": [None] * 4,
                },
                schema_overrides={"parent": pl.String, "npp": pl.String, "branch": pl.String},
            ),
            actor=system,
        )
        self.units: dict[str, Unit] = units_by_code(self.scheme)
        self.hands = {
            role: Actor(
                register.open_account(role, f"{role} contoh", None, [(role, None, None)], actor=system), role
            )
            for role in ("operator", "office", "legal", "approver", "treasurer", "auditor")
        }
        for unit in ("bagian-pemerintahan", "dinkes"):
            money.set_budget(
                self.scheme, self.units[unit], 2019, "5.1.02", 10_000_000, actor=self.hands["treasurer"]
            )

    def list_of(self, *rows: str, name: str = "daftar.csv", unit: str = "pondok-jaya") -> Roster:
        roster = enrol.receive(
            self.scheme, self.units[unit], name, csv(*rows), ON, actor=self.hands["operator"]
        )
        enrol.check_rosters([roster], actor=self.hands["operator"])
        return roster

    def accepted(self, *rows: str, name: str = "daftar.csv") -> Roster:
        roster = self.list_of(*rows, name=name)
        enrol.propose_roster(roster, actor=self.hands["operator"])
        enrol.accept_eligible(self.scheme, actor=self.hands["office"])
        return roster

    def signed(self, *rows: str, name: str = "daftar.csv"):
        self.accepted(*rows, name=name)
        made = enrol.propose_determination(self.scheme, actor=self.hands["office"])
        enrol.verify_determination(made, actor=self.hands["legal"])
        enrol.approve_determination(made, actor=self.hands["approver"])
        enrol.sign_determination(made, "100/CONTOH", date(2019, 11, 4), "Contoh", actor=self.hands["office"])
        return made

    def registered(self, *rows: str, name: str = "daftar.csv"):
        """Everybody gets a KPJ on 8 November."""
        made = self.signed(*rows, name=name)
        for batch in enrol.prepare_batches(self.scheme, actor=self.hands["office"]):
            enrol.read_batch_answer(
                batch, "jawaban.csv", answer(batch), date(2019, 11, 8), actor=self.hands["office"]
            )
        return made


def answer(batch, rejected: dict[str, str] | None = None) -> bytes:
    """BPJS's answer to a batch: KPJ made of the row's key, or a reason."""
    lines = ["NIK,KPJ,STATUS,ALASAN"]
    for nik, key in batch.rows.order_by("line").values_list("nik", "pk"):
        reason = (rejected or {}).get(nik)
        lines.append(f"{nik},,DITOLAK,{reason}" if reason else f"{nik},{key:011d},VALID,")
    return "\n".join(lines).encode()

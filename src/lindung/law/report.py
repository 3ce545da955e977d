"""The law for people to read: every parameter, value by date, article, confidence; as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lindung.base import messages
from lindung.law import explain, store

TOPICS = ("contribution", "benefit", "clock", "payment", "duty")


def values(
    law: store.Law, *, on: date | None = None, topic: str | None = None
) -> Iterator[tuple[store.Parameter, store.Interval]]:
    """Parameters with their intervals in order of topic and file; with `on`, only what holds on that day."""
    for name in TOPICS:
        for parameter in law.parameters.values():
            if parameter.topic != name or (topic and topic != name):
                continue
            for interval in parameter.intervals:
                holds = on is None or (
                    interval.first <= on and (interval.last is None or on <= interval.last)
                )
                if holds and interval.block is not None:
                    yield parameter, interval


def article(law: store.Law, block: store.Block) -> str:
    return f"{law.sources[block.doc].name} {block.article}"


def markdown(law: store.Law, lang: str) -> str:
    """`docs/law.md`."""

    def say(code: str, **args: str) -> str:
        return messages.sentence(code, args, lang)

    def row(*cells: str) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    lines = [f"# {say('report.title')}", "", say("report.about", version=law.version)]
    heads = ("from", "until", "value", "article", "confidence")
    for topic in TOPICS:
        lines += ["", f"## {say(f'topic.{topic}')}"]
        last = None
        for parameter, interval in values(law, topic=topic):
            block = interval.block
            assert block is not None
            if parameter is not last:
                checked = f"{say('head.checked_on')} {parameter.checked_on}"
                lines += ["", f"### {parameter.label[lang]}", "", f"`{parameter.id}` · {checked}", ""]
                lines += [row(*(say(f"head.{head}") for head in heads)), "|" + "---|" * len(heads)]
                last = parameter
            value = explain.value_text(parameter, block, lang)
            if block.note and block.value is not None:
                value += f" ({block.note})"
            until = str(interval.last or "")
            lines.append(
                row(
                    str(interval.first),
                    until,
                    value,
                    article(law, block),
                    say(f"confidence.{block.confidence}"),
                )
            )
    lines += ["", f"## {say('head.instruments')}", ""]
    lines += [
        row(say("head.article"), say("head.subject"), say("head.promulgated"), say("head.official")),
        "|---|---|---|---|",
    ]
    for source in law.sources.values():
        lines.append(
            row(source.name, source.title[lang], str(source.promulgated or "?"), source.official or "")
        )
    return "\n".join(lines) + "\n"

"""JSON lines for programs: what has arrived is answered at once, a flood in big pieces."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

_AT_ONCE = 4_000_000  # bytes of lines that are computed together
_PIPE = 65_536


def stream(answer: Callable[[Sequence[bytes]], Sequence[bytes]]) -> None:
    """Lines from standard input to `answer`, which gives one line back for each, to standard output."""
    out = sys.stdout.buffer
    for batch in batches(sys.stdin.buffer):
        out.write(b"".join(line + b"\n" for line in answer(batch)))
        out.flush()


def batches(stream: IO[bytes]) -> Iterator[list[bytes]]:
    from lindung.law.reading import LONGEST_LINE

    read: Any = getattr(stream, "read1", stream.read)
    rest = b""
    while chunk := read(1 << 20):
        pieces, size = [chunk], len(chunk)
        while size < _AT_ONCE and _waiting(stream, size) and (more := read(1 << 20)):
            pieces.append(more)
            size += len(more)
        *whole, last = b"".join(pieces).split(b"\n")
        if whole:
            yield [rest + whole[0], *whole[1:]]
            rest = b""
        # of a line that is too long anyway, enough is kept to say so
        rest = (rest + last)[: LONGEST_LINE + 1]
    if rest:
        yield [rest]


def _waiting(stream: IO[bytes], so_far: int) -> bool:
    """Whether more has arrived. Who fills a whole pipe sends a flood, and is given a moment to go on."""
    patience = 0.01 if so_far >= _PIPE else 0
    try:
        return bool(select.select([stream.fileno()], [], [], patience)[0])
    except (OSError, ValueError, AttributeError):
        return False

"""A draft is what the standard library would write, without its line by line."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import SMTP

from xl_cpom.reports.mail import draft


def test_what_a_draft_carries_is_what_was_given() -> None:
    """Of every length around that of a line, twice the same piece, and none."""
    for size in (0, 1, 57, 58, 114, 5_000):
        content = bytes(range(256)) * (size // 256 + 1)
        pieces = {"éà.html": content[:size], "a.xlsx": content[:size], "b.xlsx": content[:size]}
        made = draft("a@b.fr", "Objet é", "Texte é\n", pieces)
        read = message_from_bytes(made, policy=SMTP)
        parts = list(read.iter_attachments())
        assert [part.get_filename() for part in parts] == list(pieces)
        for part in parts:
            assert part.get_payload(decode=True) == pieces[part.get_filename() or ""]
        assert read.as_bytes() == made

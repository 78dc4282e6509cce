"""The list of rewritten messages: at least sixty, each one really said otherwise now."""

from __future__ import annotations

from tests.validators.langue import correction_defects
from tools.pages_messages import messages_before, messages_now
from xl_cpom.validators.catalogue import RULES


def test_every_old_message_is_said_otherwise() -> None:
    before, now = messages_before(), messages_now()
    assert len(before) >= 60 and before.keys() == now.keys() <= RULES.keys()
    same = [
        code for code, old in before.items() if now[code] == (old["message"], old["correction"])
    ]
    assert same == []


def test_the_audit_is_answered() -> None:
    """What it named: bare codes, circular cures, reproaches for what was repaired."""
    now = messages_now()
    assert [
        code for code, (message, _) in now.items() if "/PA" in message or "/PH" in message
    ] == []
    assert "plusieurs" not in now["FMT-004"][1] and now["FMT-004"][1].startswith("Rien à faire")
    assert "EHPAD Les Tilleuls" in now["HAS-002"][0] and "mission" in now["INS-002"][0]
    assert [fix for _, fix in now.values() if "…" not in fix and "=" not in fix
            and list(correction_defects(fix))] == []  # fmt: skip

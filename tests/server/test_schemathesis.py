"""schemathesis: thousands of requests drawn from our own description; what it says is what is."""

from __future__ import annotations

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis (extra dev)")

from hypothesis import HealthCheck, settings  # noqa: E402

from xl_cpom.server.control_result import CLASSEUR, WITH_MACROS  # noqa: E402
from xl_cpom.server.openapi import document  # noqa: E402
from xl_cpom.server.settings import ServerSettings  # noqa: E402

for kind in (CLASSEUR, WITH_MACROS):
    schemathesis.serializer.alias(kind, "application/octet-stream")

schema = schemathesis.openapi.from_dict(document(ServerSettings()))


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck),
          derandomize=True, database=None)  # fmt: skip
def test_the_interface_does_what_it_says(adresse: str, case: object) -> None:
    from schemathesis import checks

    answer = case.call(base_url=adresse)  # type: ignore[attr-defined]
    case.validate_response(  # type: ignore[attr-defined]
        answer,
        # random bytes are of the type announced and are no workbook: refused, as described
        excluded_checks=[checks.positive_data_acceptance],
    )
    assert answer.status_code < 500

"""The worker's line."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_a_worker_without_a_thread_is_refused_before_it_begins(app: Flask, number: str) -> None:
    refused = app.test_cli_runner().invoke(args=["worker", "--threads", number])
    assert (refused.exit_code, "--threads" in refused.output) == (2, True), refused.output

"""The course that hostile submissions are handed in to, and honest work that is graded by itself."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("redteam.vault")

from redteam.vault import Graded, Vault  # noqa: E402 - what fails in it is shown as in a test


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return Vault(tmp_path_factory.mktemp("vault"))


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Graded:
    return Graded(tmp_path_factory.mktemp("alone"), vault, {})

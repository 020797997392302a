import pytest

from include.errors import FixConfig
from include.settings import load_settings
from include.stack.state import State
from include.stack.vendors import sandbox


def test_what_the_sandbox_refuses_is_passed_on_in_its_own_words(tmp_path):
    state = State(tmp_path)
    state.logs.mkdir()
    with (
        pytest.raises(FixConfig, match=r"--days must be at least 1, not 0 .*sandbox\.log"),
        sandbox(load_settings(), ["--days", "0"], state),
    ):
        pass
    assert (state.logs / "sandbox.log").read_text().count("\n") == 1

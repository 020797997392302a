"""What people and vendors wrote, as it stands in a terminal."""

import pytest
from click.testing import CliRunner

from include.cli import health
from include.errors import FixConfig
from include.shown import terminal

HOSTILE = "Acme\x1b[2J\u202e [red]ltd[/red]"
SHOWN = "Acme\ufffd[2J\ufffd [red]ltd[/red]"


@pytest.mark.parametrize(
    ("name", "title"), [("Acme", "Acme (1003)"), (None, "1003"), (HOSTILE, f"{SHOWN} (1003)")]
)
def test_an_account_is_named_by_its_crm_id_even_without_a_name(name, title):
    assert terminal.account_title({"name": name, "crm_id": "1003"}) == title


def test_no_cell_of_a_table_moves_the_cursor():
    with terminal.console.capture() as shown:
        terminal.show_rows([{"who": HOSTILE}], ["who"])
    assert SHOWN in shown.get()
    assert "\x1b" not in shown.get()


def test_a_band_that_no_card_has_is_refused_with_those_there_are():
    done = CliRunner().invoke(health, ["accounts", "--band", "blue"])
    assert isinstance(done.exception, FixConfig)
    assert str(done.exception) == (
        "There is no band blue; the bands are red, yellow, green and unknown."
    )


@pytest.mark.parametrize("command", [["accounts"], ["runs"], ["outcomes"], ["trend"],
                                     ["common-causes", "list"]])  # fmt: skip
def test_a_list_of_fewer_than_no_lines_is_refused_before_anything_is_read(command):
    done = CliRunner().invoke(health, [*command, "--limit", "-1"])
    assert (done.exit_code, "-1 is not in the range" in done.output) == (2, True)

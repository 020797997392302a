"""Texts that vendors and people may send, on every way out to a person or to a program."""

import csv
import io
import json
import subprocess
import sys
import time

import pytest
from openpyxl import load_workbook

from include import html_page
from include.errors import FixConfig
from include.scoring.yaml_lines import read_yaml
from include.settings import load_settings, parse_settings
from include.shown import terminal
from include.sources.inputs_csv import write_csv
from include.sources.inputs_sheet import Line, Sheet
from include.sources.inputs_xlsx import write_xlsx
from include.sources.salesforce_soql import one_of
from include.warehouse.mapping import MAX_BYTES, read_mapping
from sandbox.vendors.salesforce_soql_parse import parse

HOSTILE = {
    "quotes": "'; drop table raw.record; --",
    "backslash quote": "\\' or 1=1 --",
    "markup": '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
    "attribute": '" onmouseover="alert(1)',
    "entity": "&lt;script&gt; &#60;",
    "formula": '=cmd|" /C calc"!A1',
    "formula by at": "@SUM(1+1)*cmd",
    "formula by tab": "\t=1+1",
    "newlines": "one\r\ntwo\n=3",
    "colour": "\x1b[31mred\x1b]0;title\x07",
    "one byte escape": "\x9b31m",
    "right to left": "\u202egnp.exe\u2066",
    "null": "a\x00b",
    "terminal markup": "[bold red]not[/] [link=file:///etc/passwd]",
    "long": "x" * 100_000,
    "half a pair": "cut \ud83d",
    "braces": "{0.__class__} %s ${HOME} {{ 7*7 }}",
}
SHOWN = {
    name: text for name, text in HOSTILE.items() if name != "half a pair"
}  # PostgreSQL has none


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_page_shows_it_as_text(name):
    page = html_page.document(
        title=HOSTILE[name], style=html_page.STYLE, header=html_page.escape(HOSTILE[name]),
        main=html_page.table([HOSTILE[name]], [[html_page.escape(HOSTILE[name])]]), footer="",
    )  # fmt: skip
    bare = html_page.document(
        title="", style=html_page.STYLE, header="", main=html_page.table([""], [[""]]), footer=""
    )
    assert page.count("<") == bare.count("<")
    assert page.count('"') == bare.count('"')
    assert not any(sign in page for sign in ("\x1b", "\x9b", "\x00", "\u202e", "\ud83d"))
    page.encode()


@pytest.mark.parametrize("name", list(SHOWN))
def test_a_terminal_is_given_no_command(name, capsys):
    row = {
        "account_id": 1, "name": SHOWN[name], "crm_id": SHOWN[name], "score": 1.0, "band": "red",
        "change_30d": None, "direction": "stable", "coverage": 1.0, "arr": None,
        "entered_arr": None, "renewal_date": None, "scorecard": "retention.v1",
    }  # fmt: skip
    terminal.show_rows([row], ("name", "crm_id"))
    terminal.show_json({SHOWN[name]: SHOWN[name]})
    shown = capsys.readouterr().out
    assert json.loads(shown[shown.index("{\n") :]) == {SHOWN[name]: SHOWN[name]}
    shown += terminal.account_title(row)
    assert not any(sign in shown for sign in ("\x1b", "\x9b", "\x07", "\x00", "\u202e"))


def test_what_a_message_quotes_moves_no_cursor():
    """As a person meets it: the command line itself."""
    said = "raise FixConfig('no \\x1b[2Jaccount')"
    code = f"""
import sys, click
from include import cli
from include.errors import FixConfig
@click.command()
def bad(): {said}
cli.health.add_command(bad)
sys.argv = ["health", "bad"]
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 78
    assert done.stderr == "FixConfig: no \N{REPLACEMENT CHARACTER}[2Jaccount\n"


@pytest.mark.parametrize("name", list(SHOWN))
def test_a_file_that_goes_back_has_no_formula(name):
    text = SHOWN[name].replace("\x00", "")
    sheet = Sheet("Inputs", ("account", "comment"), (), ",")
    returned = [(Line(2, ("100", text)), text)]
    rows = list(csv.reader(io.StringIO(write_csv(sheet, returned).decode("utf-8-sig"))))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)
    book = load_workbook(io.BytesIO(write_xlsx([(sheet, [(Line(2, ("100", text[:9000])), "r")])])))
    cells = [cell for row in book["Inputs"].iter_rows() for cell in row]
    assert cells
    assert all(cell.data_type != "f" for cell in cells)


@pytest.mark.parametrize("name", ["quotes", "backslash quote", "braces"])
def test_a_salesforce_query_holds_it_as_one_value(name):
    query = parse(f"SELECT Id FROM Account WHERE {one_of('Name', [SHOWN[name], 'b'])}")
    assert SHOWN[name] in repr(query) or SHOWN[name] in str(query)


BOMBS = {
    "aliases": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
    ),
    "deep": "[" * 5_000 + "]" * 5_000,
    "object": "!!python/object/apply:os.system ['true']",
    "merge": "a: &a {x: 1}\nb: {<<: *a, <<: *a}",
    "large": "a: " + "x" * 1_100_000,
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_yaml_that_would_explode_is_refused_at_once(name):
    started = time.process_time()
    with pytest.raises(FixConfig):
        parse_settings(BOMBS[name], where="health.yaml")
    if name != "large":  # its readers count first
        with pytest.raises(FixConfig):
            read_yaml(BOMBS[name], "card.yaml")
    assert time.process_time() - started < 60


def test_a_file_of_any_size_is_not_read_whole(tmp_path):
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(8 * 2**30)  # takes no room on the disk
    with pytest.raises(FixConfig, match="larger than"):
        load_settings(path)
    assert path.stat().st_size > MAX_BYTES
    with pytest.raises(FixConfig, match="larger than"):
        read_mapping(path, load_settings())

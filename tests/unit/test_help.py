"""What `health --help` lists."""

from include.cli import COMMANDS, health


def test_a_wide_terminal_shows_what_each_command_does_in_full(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "130")
    health.main(["--help"], standalone_mode=False)
    _, _, listed = capsys.readouterr().out.partition("Commands:")
    assert "..." not in listed
    for command in COMMANDS:
        assert f"\n  {command.name} " in listed

"""`init`: a new project is valid and quiet, and its settings are guessed from its folder."""

import re
import subprocess
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from checks.registry import KINDS, load_kind
from outside.project.files import read_config
from outside.project.starter import PLACEHOLDER, Guess, Wishes, write_starter
from tests.support.command_line import generate_here
from tests.support.moved_files import DATA
from tests.support.source_tree import ROOT

ACTION = "acme/constat@v1.2.3"
GUESS = Guess("acme", "Acme", "https://acme.github.io/status/", "America/Chicago", "acme")


def init(*words: str) -> subprocess.CompletedProcess[str]:
    return generate_here("-q", "init", *words)


def test_new_project_is_valid_and_claims_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "my-status"
    done = init(str(folder))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    config = read_config(folder, KINDS, load_kind)
    assert (config.page.id, config.page.name) == ("my-status", "My status")
    validated = generate_here("-q", "validate", "--root", str(folder))
    assert (validated.returncode, validated.stdout, validated.stderr) == (0, "", "")
    assert generate_here("-q", "build", "--root", str(folder)).returncode == 0
    site = folder / "site"
    assert not {"sla", "support", "deliverability", "incidents"} & {path.name for path in site.iterdir()}
    assert not (folder / ".github").exists(), "nobody said where the action is"
    assert "Not working for you?" not in (site / "index.html").read_text()


def test_existing_files_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "status.yml").write_text("mine")
    done = init(str(tmp_path))
    assert done.returncode == 2
    assert "already has status.yml" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["status.yml"]


def test_promise_is_written_only_on_request(tmp_path: Path) -> None:
    assert init(str(tmp_path / "own"), "--promise", "99.5").returncode == 0
    settings = yaml.safe_load((tmp_path / "own/status.yml").read_text())
    assert settings["sla"] == {"target": 99.5, "maintenance": {"counts": True}}


def test_workflows_use_the_named_action(tmp_path: Path) -> None:
    """The form for a notice and the preview of a change are among them; later they are added alone."""
    folder = tmp_path / "own"
    assert init(str(folder)).returncode == 0
    before = (folder / "status.yml").read_text()
    assert init(str(folder), "--action", ACTION).returncode == 0
    workflows = sorted(path.name for path in (folder / ".github/workflows").iterdir())
    assert workflows == ["check.yml", "draft.yml", "keepalive.yml", "post.yml", "publish.yml", "watch.yml"]
    used = re.findall(
        r"uses: (\S*constat\S*)", "".join(map(Path.read_text, (folder / ".github").rglob("*.yml")))
    )
    assert set(used) == {ACTION}
    assert (folder / "status.yml").read_text() == before
    assert generate_here("-q", "validate", "--root", str(folder)).returncode == 0
    assert init(str(folder), "--action", ACTION).returncode == 2


def test_action_must_have_owner_name_and_version() -> None:
    with pytest.raises(SystemExit):
        generate_here("init", "x", "--action", "acme")


def test_a_placeholder_in_a_workflow_is_an_error(tmp_path: Path) -> None:
    write_starter(ROOT, tmp_path, GUESS, Wishes(action=PLACEHOLDER))
    done = generate_here("-q", "validate", "--root", str(tmp_path))
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith(".github/workflows/check.yml:")
    assert lines[0].endswith(
        ": owner/constat@v1 is only a placeholder (write where your Constat is: OWNER/NAME@REF)"
    )


def test_only_a_valid_owner_is_asked_for_reviews(tmp_path: Path) -> None:
    write_starter(ROOT, tmp_path / "a", GUESS, Wishes(action=ACTION))
    owners = (tmp_path / "a/.github/CODEOWNERS").read_text()
    assert "\n/status.yml       @acme\n" in owners
    assert "\n#/" not in owners
    write_starter(ROOT, tmp_path / "b", GUESS._replace(owner=""), Wishes(action=ACTION))
    assert not (tmp_path / "b/.github/CODEOWNERS").exists()


def test_the_examples_are_in_the_page_s_zone_and_are_notices_that_validate(tmp_path: Path) -> None:
    """They are never read where they lie; copied, they are good notices."""
    write_starter(ROOT, tmp_path, GUESS)
    examples = sorted((tmp_path / "incidents/examples").glob("2*.md"))
    assert examples
    for example in examples:
        assert "-06:00" in example.read_text()
        (tmp_path / "incidents" / example.name).write_text(example.read_text())
    done = generate_here("-q", "validate", "--root", str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "")
    assert ZoneInfo("America/Chicago") == read_config(tmp_path, KINDS, load_kind).page.timezone


def test_schema_named_in_the_first_line_exists(tmp_path: Path) -> None:
    init(str(tmp_path / "own"))
    first = (tmp_path / "own/status.yml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=./status.schema.json"
    schema = (tmp_path / "own/status.schema.json").read_text()
    assert schema == (ROOT / "docs/status.schema.json").read_text()


def test_name_with_quotes_is_kept(tmp_path: Path) -> None:
    write_starter(ROOT, tmp_path, Guess("a", 'The "A" #1', "https://a.example/", "UTC"))
    assert read_config(tmp_path, KINDS, load_kind).page.name == 'The "A" #1'


def test_systemd_units_run_this_program_in_this_folder(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    assert init(str(folder), "--systemd").returncode == 0
    units = {path.name: path.read_text() for path in (folder / "systemd").iterdir()}
    assert units.keys() == {"constat-watch.service", "constat-build.service", "constat-build.timer"}
    for unit in units.values():
        assert "/srv/status" not in unit
        assert all(
            line.partition("=")[2].startswith("-/") for line in unit.splitlines() if "EnvironmentFile" in line
        )
    assert f"WorkingDirectory={folder}\n" in units["constat-watch.service"]
    program = re.findall(r"ExecStart=(\S+) check", units["constat-watch.service"])
    assert [Path(path).name for path in program] == ["constat"]


def test_a_folder_with_blanks_and_umlauts_can_be_pasted_and_run_by_systemd(tmp_path: Path) -> None:
    """The command to type is quoted for a shell; in a unit, % is doubled, and a program's path with blanks is quoted."""
    folder = tmp_path / "Zürich, 100 % up"
    done = generate_here("init", str(folder))
    assert done.stderr.rstrip().endswith(f"then type: constat run --root '{folder}'")
    guessed, wishes = (
        Guess("a", "A", "https://a.example/", "UTC"),
        Wishes(program='/opt/my "tools"/50%/constat'),
    )
    write_starter(ROOT, folder, guessed, wishes)
    unit = (folder / "systemd/constat-build.service").read_text()
    assert f"WorkingDirectory={str(folder).replace('%', '%%')}\n" in unit
    assert '\nExecStart=-"/opt/my \\"tools\\"/50%%/constat" statement --due\n' in unit


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples/starter/.github/workflows").glob("*.yml")), ids=lambda path: path.name
)
def test_its_workflows_are_short(path: Path) -> None:
    """But for the form, whose fields take their lines."""
    assert len(path.read_text().splitlines()) <= (80 if path.name == "post.yml" else 40)


def test_other_status_page_is_imported(tmp_path: Path) -> None:
    """Its services and notices are there, and none of the starter's examples."""
    folder, site = tmp_path / "own", str(DATA / "cstate/example")
    done = generate_here("init", "--from", "cstate", site, str(folder))
    assert (done.returncode, f"{folder}/import-report.md says what came" in done.stderr) == (0, True)
    assert len(list((folder / "incidents").glob("*.md"))) == 6
    assert read_config(folder, KINDS, load_kind).page.name == "Eggsample Status"
    again = generate_here("init", "--from", "cstate", site, str(folder))
    assert (again.returncode, "tip: complete it: constat import cstate" in again.stderr) == (2, True)


def test_a_folder_that_holds_a_page_says_how_to_bring_it_over(tmp_path: Path) -> None:
    (tmp_path / "content/issues").mkdir(parents=True)
    done = generate_here("-q", "init", str(tmp_path))
    assert "contains a page of cState: constat import cstate imports it" in done.stderr


def test_two_folders_are_refused(tmp_path: Path) -> None:
    done = generate_here("-q", "init", str(tmp_path / "a"), str(tmp_path / "b"))
    assert (done.returncode, "one folder too many" in done.stderr) == (2, True)
    assert not (tmp_path / "a").exists()

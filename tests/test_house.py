"""The house itself: errors and their codes, where resources are, what the wheel holds, what the public names are."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import slabviz
from slabviz import errors
from slabviz.resources import asset, scenario_folder, table

ROOT = Path(__file__).parent.parent


def tree(base: type[errors.SlabvizError]) -> list[type[errors.SlabvizError]]:
    return [base, *(found for child in base.__subclasses__() for found in tree(child))]


def test_every_error_stands_with_its_exit_code_in_the_drawn_tree() -> None:
    drawn = errors.__doc__ or ""
    for error in tree(errors.SlabvizError):
        lines = [line for line in drawn.splitlines() if error.__name__ in line.replace("(", " ").split()]
        assert len(lines) == 1, error.__name__
        assert f" {error.exit_code} " in lines[0], error.__name__


def test_errors_say_place_and_moment() -> None:
    place = errors.Place("inode.yaml", 31, 9)
    problem = errors.Diagnostic(place, "unknown key 'fre'; did you mean 'free'?", "  fre: skb\n  ^^^")
    found = errors.ScenarioError([problem, errors.Diagnostic(place, "no end")])
    assert str(found).startswith("inode.yaml:31:9: unknown key 'fre'; did you mean 'free'?\n  fre: skb\n  ^^^\ninode")
    assert len(found.diagnostics) == 2
    assert str(errors.RuntimeStepError("not allocated", place, 212)) == "inode.yaml:31:9: not allocated (tick 212)"
    assert str(errors.RuntimeStepError("not allocated")) == "not allocated"


def test_resources_are_found_in_the_checkout() -> None:
    assert asset("themes", "dark.yaml").is_file()
    assert scenario_folder() == ROOT / "scenarios"
    assert table(asset("fonts", "faces.yaml"))["ui.400"] == "inter-400.otf"


def test_a_missing_table_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(errors.SourceError, match="nowhere.yaml"):
        table(tmp_path / "nowhere.yaml")


def test_public_names_are_there_and_no_others() -> None:
    assert callable(slabviz.load)
    assert callable(slabviz.frame)
    with pytest.raises(AttributeError, match="lode"):
        _ = slabviz.lode


def test_importing_the_package_alone_is_cheap() -> None:
    code = "import sys, slabviz; print(*sorted({'pygame', 'numpy', 'yaml'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == ""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source archive, and the wheel out of that, with this environment's back end: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_package_with_its_data_and_nothing_else(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    info = f"slabviz-{slabviz.__version__}.dist-info"
    assert {name.partition("/")[0] for name in held} == {"slabviz", info}
    for folder in ("assets", "scenarios"):
        ours = {path for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert {f"slabviz/_data/{path.relative_to(ROOT).as_posix()}" for path in ours} <= held
    assert {"slabviz/py.typed", f"{info}/licenses/LICENSE", f"{info}/licenses/assets/fonts/OFL.txt"} <= held
    assert not [name for name in held if "__pycache__" in name or "/tests/" in name]


def test_the_wheel_finds_its_resources_when_it_lies_elsewhere(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        "from slabviz.scene.theme import Theme; from slabviz.resources import scenario_folder; import slabviz;"
        "print(slabviz.__file__, Theme.load('dark').rgb('slab'), any(scenario_folder().rglob('*.yaml')), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    where, colour, scenarios = done.stdout.splitlines()
    assert Path(where).is_relative_to(tmp_path)
    assert (colour, scenarios) == ("(134, 203, 234)", "True")

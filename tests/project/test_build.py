"""What is built for AWS: the same every time, whole, and nothing that is not needed."""

import os
import subprocess
from pathlib import Path

import boto3
import pytest

from local import ROOT
from local.aws.child import CLEAN_ENVIRONMENT
from local.template.built import contents, digest
from local.template.reading import load
from tests.support.python313 import python313

UV = ROOT / ".venv" / "bin" / "uv"
IGNORED = load(ROOT / "template.yaml")["Globals"]["Function"]["Environment"]["Variables"][
    "PYTHONWARNINGS"
]
"""The warnings that the layer's functions ignore: about a library that is left out on purpose."""
HANDLER_IS_READY = "import app; assert callable(app.lambda_handler)"


def built_layer(folder: Path) -> Path:
    """Run the layer's own build, as sam does."""
    python313()
    command = ["make", "-s", "-C", "layers/smsdrop", "build-SmsdropLayer"]
    subprocess.run([*command, f"ARTIFACTS_DIR={folder}"], cwd=ROOT, check=True)  # noqa: S603 - ours
    return folder / "python"


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_layer(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python like Lambda's: with boto3, and nothing else."""
    folder = tmp_path_factory.mktemp("runtime")
    python = folder / "bin" / "python"
    for command in (
        ["venv", "--quiet", "--clear", "--python", python313(), str(folder)],
        ["pip", "install", "--quiet", "--python", str(python), f"boto3=={boto3.__version__}"],
    ):
        subprocess.run([uv(), *command], check=True)  # noqa: S603 - our own tool
    return python


def uv() -> str:
    return str(UV) if UV.exists() else "uv"


def test_the_same_lock_file_gives_the_same_layer(layer: Path, tmp_path: Path) -> None:
    again = built_layer(tmp_path)

    assert digest(again) == digest(layer)


def test_a_layer_of_another_source_has_another_hash(layer: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.py").write_text("1")
    before = digest(other)

    (other / "a.py").write_text("2")

    assert digest(other) != before


def test_every_module_of_the_layer_is_there_as_bytecode_too(layer: Path) -> None:
    names = {name for name, _ in contents(layer)}

    modules = [Path(name) for name in names if name.endswith(".py")]

    assert len(modules) > 100
    compiled = {f"{each.parent}/__pycache__/{each.stem}.cpython-313.pyc" for each in modules}
    assert {each.removeprefix("./") for each in compiled} <= names


def test_nothing_in_the_layer_is_made_for_one_processor(layer: Path) -> None:
    compiled = [name for name, body in contents(layer) if body.startswith(b"\x7fELF")]

    assert compiled == []
    assert [name for name, _ in contents(layer) if name.endswith((".so", ".pyd"))] == []


def test_the_layer_holds_no_path_of_this_machine(layer: Path) -> None:
    here = [str(ROOT).encode(), str(layer).encode()]

    telling = [name for name, body in contents(layer) if any(each in body for each in here)]

    assert telling == []


def test_the_layer_keeps_everybodys_licence(layer: Path) -> None:
    distributions = list(layer.glob("*.dist-info"))

    assert len(distributions) >= 8
    without = [each.name for each in distributions if not list(each.rglob("*LICEN*"))]
    assert without == []


def test_the_layer_has_nothing_that_is_left_out_on_purpose(layer: Path) -> None:
    patterns = (ROOT / "layers" / "smsdrop" / "not_needed.txt").read_text().split()

    assert [pattern for pattern in patterns if list(layer.glob(pattern))] == []
    assert [each for each in ("boto3", "aws_xray_sdk") if (layer / each).exists()] == []


@pytest.mark.parametrize("function", sorted(each.name for each in (ROOT / "functions").iterdir()))
def test_a_handler_is_ready_with_the_layer_and_boto3_alone(
    layer: Path, runtime: Path, function: str
) -> None:
    done = subprocess.run(  # noqa: S603 - our own runtime
        [runtime, "-W", "error", "-W", IGNORED, "-c", HANDLER_IS_READY],
        env={
            **CLEAN_ENVIRONMENT,
            "PYTHONPATH": os.pathsep.join((str(ROOT / "functions" / function), str(layer))),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")

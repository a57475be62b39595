"""What the folders of the job code promise: a pure core, one old enough syntax, and code that runs as one zip."""

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

JOBS = Path(__file__).parents[1]
CORE = sorted((JOBS / "core").glob("*.py"))
CONTAINER_CODE = [*CORE, *sorted((JOBS / "sagemaker").glob("*.py")), JOBS / "__main__.py"]
FORBIDDEN_MODULES = {"boto3", "pyspark", "awsglue", "duckdb", "xgboost", "os", "sys", "io", "pathlib", "time", "random"}


def imported_modules(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def called_names(tree: ast.AST) -> set[str]:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {call.id for call in calls if isinstance(call, ast.Name)}


def test_there_is_code_to_check() -> None:
    assert len(CORE) > 3
    assert len(CONTAINER_CODE) > len(CORE) + 5


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_the_core_has_no_effects(path: Path) -> None:
    tree = ast.parse(path.read_text())

    assert imported_modules(tree) & FORBIDDEN_MODULES == set()
    assert called_names(tree) & {"open", "print", "input"} == set()


@pytest.mark.parametrize("path", CONTAINER_CODE, ids=lambda path: path.name)
def test_the_training_containers_python_can_read_it(path: Path) -> None:
    ast.parse(path.read_text(), feature_version=(3, 10))


def test_the_code_runs_as_one_zip(tmp_path: Path) -> None:
    archive = tmp_path / "code.zip"
    with zipfile.ZipFile(archive, "w") as code:
        for path in CONTAINER_CODE:
            code.write(path, path.relative_to(JOBS))

    process = subprocess.run([sys.executable, str(archive), "deploy"], capture_output=True, text=True, check=False)

    assert process.returncode == 2
    assert process.stderr == "ERROR USAGE: expected one of train | evaluate, got deploy\n"

"""The interpreter against zod itself."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.contract import load, parse_json

from .bodies import bodies_of
from .mini import contract as mini_contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_runway.contract import Contract, Operation

SOURCE = Path(__file__).parents[2] / "tools" / "zod"
SEED = 20241106

Issues = list[dict[str, Any]]


@pytest.fixture(scope="module")
def zod(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the comparison in it, and zod installed beside it."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("comparing with zod takes node and npm, which are not on the PATH")
    folder = tmp_path_factory.mktemp("zod")
    for each in SOURCE.iterdir():
        if each.is_file():
            shutil.copy(each, folder)
    install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(install, check=False, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"npm cannot install zod here: {done.stderr.strip()[-300:]}")
    return folder


def cases(contract: Contract, *, each: int) -> Iterator[tuple[Operation, str]]:
    components = contract.document["components"]["schemas"]
    dice = random.Random(SEED)
    for operation in contract.operations:
        for body in bodies_of(operation, components, dice, each=each):
            yield operation, json.dumps(body)


def zod_answers(folder: Path, contract: Contract, lines: Sequence[str]) -> list[Issues]:
    document = folder / f"{contract.version}.json"
    document.write_text(json.dumps(contract.document), encoding="utf-8")
    asked = subprocess.run(
        ["node", "check.mjs", document],
        check=False,
        cwd=folder,
        input="\n".join(lines).encode(),
        capture_output=True,
    )
    assert asked.returncode == 0, asked.stderr.decode()
    return [json.loads(line) for line in asked.stdout.splitlines()]


def our_answer(operation: Operation, body: str) -> Issues:
    """Leave out what zod's schemas do not say: the rules, which only run where a schema holds."""
    found = operation.check(parse_json(body.encode())).issues
    return [issue for issue in found if issue["code"] != "custom"]


@pytest.mark.parametrize(
    ("contract", "each", "at_least"),
    [
        pytest.param(load(), 28, 9_000, id="the whole document"),
        pytest.param(mini_contract(), 400, 3_000, id="the whole vocabulary"),
    ],
)
def test_every_issue_is_worded_as_zod_words_it(
    zod: Path, contract: Contract, each: int, at_least: int
) -> None:
    asked = list(cases(contract, each=each))
    lines = [f'{{"operation": "{operation.id}", "body": {body}}}' for operation, body in asked]
    theirs = zod_answers(zod, contract, lines)
    ours = [our_answer(operation, body) for operation, body in asked]

    refused = Counter(issue["code"] for answer in theirs for issue in answer)
    print(f"{len(asked)} bodies, {theirs.count([])} of them valid; issues: {dict(refused)}")
    wrong = [
        f"{operation.id} {body[:300]}\n  ours: {mine}\n  zod's: {zods}"
        for (operation, body), mine, zods in zip(asked, ours, theirs, strict=True)
        if json.dumps(mine) != json.dumps(zods)
    ]
    assert len(asked) >= at_least
    assert not wrong, f"{len(wrong)} of {len(asked)} differ, such as:\n" + "\n".join(wrong[:3])


def test_the_bodies_reach_every_variant() -> None:
    contract = load()
    reached = {
        (operation.id, operation.check(json.loads(body)).variant)
        for operation, body in cases(contract, each=2)
    }
    variants = {
        (operation.id, variant)
        for operation in contract.operations
        for variant in operation.variants
    }
    assert variants <= reached


def test_a_body_made_to_be_valid_is_taken() -> None:
    contract = load()
    components = contract.document["components"]["schemas"]
    dice = random.Random(SEED)
    refused = {
        (operation.id, body.get("model"), str(issue))
        for operation in contract.operations
        for body in list(bodies_of(operation, components, dice, each=20))[::3]
        for issue in operation.check(body).issues
        if issue["code"] != "custom"
    }
    assert refused == set()

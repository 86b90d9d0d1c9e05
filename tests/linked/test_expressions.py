"""Expressions as written, against a model of what the language reference says of them."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable
from typing import Any

import pytest

from qrules.machine.request import DeviceRequest, Request
from qrules.plugging.board import Board

MakeBoard = Callable[[str], Board]
BOARD = """
catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
  property a, b, c, unset : uint8
machine-type shelf is machine
profile run
domain uint8 = 0 .. 255
machine shelf
  provides wide called "root"
device card
"""
GIVEN = {"a": 3, "b": 0, "c": 7}


def evaluated(make_board: MakeBoard, texts: list[str]) -> list[Any]:
    board = make_board(BOARD + "".join(f"  x{n} = {text}\n" for n, text in enumerate(texts)))
    facts = board.knowledge.machine("shelf")
    assert facts is not None
    device = DeviceRequest("card", properties={name: str(value) for name, value in GIVEN.items()})
    outcome = board.run(facts, Request("shelf", devices=[device]))
    placed = outcome.devices[0]
    assert placed is not None
    return [placed.get(f"x{n}", outcome.state) for n in range(len(texts))]


# ------------------------------------------------------------------------------------- a model
Tree = tuple[Any, ...]


def number(rng: random.Random, depth: int) -> Tree:
    if depth == 0 or rng.random() < 0.2:
        return rng.choice([("lit", rng.randrange(9)), ("name", rng.choice("abc")), ("name", "unset")])
    operator = rng.choice(["+", "-", "*", "/", "%", "negative", "when", "else", "min"])
    if operator == "when":
        return ("when", number(rng, depth - 1), condition(rng, depth - 1), number(rng, depth - 1))
    if operator == "negative":
        return ("negative", number(rng, depth - 1))
    return (operator, number(rng, depth - 1), number(rng, depth - 1))


def condition(rng: random.Random, depth: int) -> Tree:
    if depth == 0 or rng.random() < 0.2:
        return rng.choice([("lit", True), ("lit", False), ("given", "a"), ("given", "unset")])
    operator = rng.choice(["and", "or", "not", "=", "!=", "<", "<=", ">", ">=", "in", "value"])
    if operator in ("and", "or"):
        return (operator, condition(rng, depth - 1), condition(rng, depth - 1))
    if operator == "not":
        return ("not", condition(rng, depth - 1))
    if operator == "in":
        return ("in", number(rng, depth - 1), number(rng, depth - 1), number(rng, depth - 1))
    if operator == "value":
        return ("value", ("name", rng.choice(["a", "b", "unset"])))
    return (operator, number(rng, depth - 1), number(rng, depth - 1))


def text(tree: Tree) -> str:
    match tree:
        case ("lit", bool(value)):
            return "on" if value else "off"
        case ("lit", value):
            return str(value)
        case ("name", name):
            return str(name)
        case ("given", name):
            return f"given {name}"
        case ("negative", inner):
            return f"(-{text(inner)})"
        case ("not", inner):
            return f"(not {text(inner)})"
        case ("value", inner):
            return text(inner)
        case ("when", value, test, other):
            return f"({text(value)} when {text(test)} else {text(other)})"
        case ("min", left, right):
            return f"min({text(left)}, {text(right)})"
        case ("in", item, low, high):
            return f"({text(item)} in {text(low)} .. {text(high)})"
    operator, left, right = tree
    return f"({text(left)} {operator} {text(right)})"


def value(tree: Tree) -> Any:
    match tree:
        case ("lit", found):
            return found
        case ("name", name):
            return GIVEN.get(name)
        case ("given", name):
            return name in GIVEN
        case ("negative", inner):
            return None if value(inner) is None else -value(inner)
        case ("not", inner):
            return not value(inner)
        case ("value", inner):
            return value(inner) is not None
        case ("when", then, test, other):
            return value(then) if value(test) else value(other)
        case ("else", left, right):
            return value(right) if value(left) is None else value(left)
        case ("and", left, right):
            return value(left) and value(right)
        case ("or", left, right):
            return value(left) or value(right)
        case ("in", item, low, high):
            found = [value(t) for t in (item, low, high)]
            return None not in found and found[1] <= found[0] <= found[2]
        case ("min", left, right):
            return min((v for v in (value(left), value(right)) if v is not None), default=None)
    return binary(str(tree[0]), value(tree[1]), value(tree[2]))


def binary(operator: str, left: Any, right: Any) -> Any:
    comparisons: dict[str, Callable[[], bool]] = {
        "=": lambda: left == right,
        "!=": lambda: left != right,
        "<": lambda: left < right,
        "<=": lambda: left <= right,
        ">": lambda: left > right,
        ">=": lambda: left >= right,
    }
    if operator in comparisons:
        return left is not None and right is not None and comparisons[operator]()
    if left is None or right is None or (operator in "/%" and right == 0):
        return None
    return {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left // right,
        "%": lambda: left % right,
    }[operator]()


@pytest.mark.parametrize("seed", range(20))
def test_random_expressions(make_board: MakeBoard, seed: int) -> None:
    rng = random.Random(seed)
    trees = [number(rng, 4) for _ in range(40)] + [("when", ("lit", 1), condition(rng, 4), ("lit", 0)) for _ in range(40)]
    assert evaluated(make_board, [text(t) for t in trees]) == [value(t) for t in trees]


def test_precedence_is_that_of_arithmetic(make_board: MakeBoard) -> None:
    rng = random.Random(1)
    texts = [
        " ".join(x for n in range(6) for x in (str(rng.randrange(1, 9)), rng.choice("+-*/%") if n < 5 else ""))
        for _ in range(200)
    ]
    assert evaluated(make_board, texts) == [in_python(ast.parse(t, mode="eval").body) for t in texts]


SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%"}


def in_python(node: ast.expr) -> Any:
    """The value of a tree that Python's own grammar made of a text: what binds closer is for that to say."""
    if isinstance(node, ast.BinOp):
        return binary(SIGNS[type(node.op)], in_python(node.left), in_python(node.right))
    assert isinstance(node, ast.Constant)
    return node.value


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1 when a = 3 and b = 0 or c = 0 else 2", 1),
        ("1 when not a = 3 or c = 7 else 2", 1),
        ("1 when not (a = 3 or c = 7) else 2", 2),
        ("1 when unset else 2", 2),
        ("1 when not unset else 2", 1),
        ("1 when b else 2", 1),
        ("1 when unset = 1 else 2 when unset != 1 else 3", 3),
        ("unset else 4", 4),
        ("1 when d is card else 2", 1),
        ("1 when d is not card else 2", 2),
        ("1 when a in { 1, 3 } else 2", 1),
        ("1 when d in kinds(card) else 2", 1),
        ('1 when type in kinds(card) and type = "card" else 2', 1),
        ("1 when { 1, 2 } meets { 2, 3 } else 2", 1),
        ("1 when {} meets { 2, 3 } else 2", 2),
        ("1 when d under machine else 2", 1),
        ("1 when bus under bus else 2", 1),
        ("1 when 4.0.1 > 4.0 and 10.0 > 9.2 and 4.0 < 4.1 else 2", 1),
        ("1 when machine.qemu = 1.0 and machine.qemu < 2 else 2", 1),
        ("1 when 3.1 in 2.4 .. 4.0 else 2", 1),
        ("1 when 4.0.1 in 2.4 .. 4.0 else 2", 2),
        ("count card x on bus", 1),
        ("count number n in 1 .. 9 with (n % a = 0)", 3),
        ("1 when every number n in 1 .. 3 with (n <= a) else 2", 1),
        ("1 when no card x with (x.a = 4) else 2", 1),
        ('hex(a * 16 + 10) + "!"', "3a!"),
        ('"{a:02x} {b} {unset} {{}}"', "03 0 (null) {}"),
        ("{ 1, unset, 2 } + { 2, 3 }", (1, 2, 3)),
        ("a / b", None),
        ("1 when on = 1 or off = 0 or on < 2 or on >= 1 or on in 0 .. 3 or on in { 0, 1 } else 2", 2),
        ("1 when a = on or b = off else 2", 2),
        ("1 when on != 1 and on = on and on in { on } and { on } meets { on } and off != on else 2", 1),
        ("1 when { on } meets { 1 } or 1.0 = on or on in 0.9 .. 2.0 else 2", 2),
        ("on + 1", None),
        ("-on", None),
        ("hex(on)", None),
        ("bytes(on)", None),
        ("max(on, 0)", 0),
        ("{ 1, on } + { on, 0 }", (1, True, 0)),
        ('"{a:02x} {on:02x}"', "03 on"),
        ("-a - -c", 4),
    ],
)
def test_what_the_reference_says(make_board: MakeBoard, written: str, expected: Any) -> None:
    assert evaluated(make_board, [written]) == [expected]


def test_sizes_are_counted_in_bytes(make_board: MakeBoard) -> None:
    sizes = ['bytes("64M")', 'bytes("1g")', 'bytes("0x10")', 'bytes("512")', "bytes(a)", 'bytes("large")', "bytes(unset)"]
    assert evaluated(make_board, sizes) == [64 << 20, 1 << 30, 16, 512, 3, None, None]


def test_what_the_option_of_a_host_resource_says(make_board: MakeBoard) -> None:
    has_drive = BOARD.replace("unset : uint8\n", "unset : uint8\n  property drive : string\n")
    board = make_board(has_drive + '  size = bytes(backend-says(drive, "size"))\n')
    facts = board.knowledge.machine("shelf")
    assert facts is not None
    devices = [DeviceRequest("card", properties={"drive": name}) for name in ("d0", "d1")] + [DeviceRequest("card")]
    outcome = board.run(facts, Request("shelf", devices=devices, said={"d0": {"size": "2k"}}))
    assert [d.get("size", outcome.state) for d in outcome.devices if d is not None] == [2048, None, None]


def test_switches_that_are_on_or_off(make_board: MakeBoard) -> None:
    board = make_board(
        BOARD.replace("  property a,", "  property p, q, r : bool\n  property a,").replace(
            "domain uint8", 'domain bool = one of "on", "off"\ndomain uint8'
        )
        + '  on-ones = those-on("r q p a nothing")\n  off-ones = those-off(d, "r q p")\n'
    )
    facts = board.knowledge.machine("shelf")
    assert facts is not None
    for given, on, off in (({"p": "on", "q": "off", "r": "yes", "a": "1"}, "r p", "q"), ({"a": "1"}, None, None)):
        outcome = board.run(facts, Request("shelf", devices=[DeviceRequest("card", properties=given)]))
        placed = outcome.devices[0]
        assert placed is not None
        assert (placed.get("on-ones", outcome.state), placed.get("off-ones", outcome.state)) == (on, off)

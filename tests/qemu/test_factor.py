"""Finding the inheritance again: small trees by hand, random ones against what was told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qrules.qemu.factor import (
    Listed,
    Parents,
    ancestors,
    below,
    own_properties,
    stated_kinds,
    with_agreed_defaults,
    with_shared,
)
from qrules.qemu.facts import NOWHERE, Property

#   base -> wet -> tap, hose;  base -> dry;  lone
PARENTS = {"base": "root", "wet": "base", "tap": "wet", "hose": "wet", "dry": "base", "lone": "root"}


def listing(**defaults: bool | int | str | None) -> dict[str, Property]:
    return {name: Property(name, "word", default) for name, default in defaults.items()}


def test_ancestors_end_at_the_last_name_with_an_entry() -> None:
    assert list(ancestors("tap", PARENTS)) == ["tap", "wet", "base"]
    assert list(ancestors("root", PARENTS)) == []


def test_below_counts_a_type_itself() -> None:
    assert below(["tap", "dry"], PARENTS) == {"tap": ["tap"], "wet": ["tap"], "base": ["tap", "dry"], "dry": ["dry"]}


def test_a_shared_kind_is_stated_once() -> None:
    assert stated_kinds({"tap": "PIPE", "hose": "PIPE", "dry": "PIPE", "lone": ""}, PARENTS) == {"base": "PIPE"}


def test_who_differs_states_their_own_kind() -> None:
    assert stated_kinds({"tap": "PIPE", "hose": "PIPE", "dry": "RACK"}, PARENTS) == {"base": "PIPE", "dry": "RACK"}


def test_a_type_on_no_bus_says_so_only_below_one_that_has_a_bus() -> None:
    assert stated_kinds({"tap": "PIPE", "hose": "", "dry": "PIPE", "lone": ""}, PARENTS) == {
        "base": "PIPE",
        "wet": "nothing",
        "tap": "PIPE",
    }


def test_a_default_on_which_all_below_agree_is_the_class_default() -> None:
    listed = {
        "wet": listing(flow=None, cold=None, deep=7),
        "tap": listing(flow=3, cold=True, deep=8),
        "hose": listing(flow=3, cold=False, deep=8),
    }
    filled = with_agreed_defaults(listed, ["tap", "hose"], PARENTS)
    assert filled["wet"] == listing(flow=3, cold=None, deep=7)
    assert own_properties("tap", filled, PARENTS) == tuple(listing(cold=True, deep=8).values())


def test_what_all_instances_have_is_shared() -> None:
    listed = {"wet": listing(a=1), "tap": listing(a=1, b=2, c=3), "hose": listing(a=1, b=2, c=4), "dry": listing(d=5)}
    assert with_shared(listed, ["tap", "hose"], PARENTS) == listed | {"wet": listing(b=2, a=1)}
    assert with_shared(listed, ["tap"], PARENTS) == listed


def test_own_properties_are_sorted_and_skip_ancestors_without_a_listing() -> None:
    listed = {"base": listing(z=1, off=False, on=True), "tap": listing(z=2, off=False, on=False, b=None, a="x")}
    assert own_properties("tap", listed, PARENTS) == tuple(listing(a="x", b=None, on=False, z=2).values())
    assert own_properties("hose", listed, PARENTS) == ()


def inherited(name: str, own: dict[str, tuple[Property, ...]], parents: Parents) -> dict[str, Property]:
    """What a reader of the catalogue makes of the stated properties."""
    chain = reversed(list(ancestors(name, parents)))
    return {each.name: each for ancestor in chain for each in own.get(ancestor, ())}


DEFAULTS = st.sampled_from([None, False, 3, "auto"])
LISTINGS = st.dictionaries(st.sampled_from("abc"), DEFAULTS).map(lambda defaults: listing(**defaults))


@given(st.fixed_dictionaries(dict.fromkeys(PARENTS, LISTINGS)), st.booleans(), st.booleans())
def test_the_stated_properties_give_back_what_was_listed(random: Listed, fill: bool, share: bool) -> None:
    # A class has no more than its heirs list.
    heirs = below(random, PARENTS)
    listed = {
        name: {each: prop for each, prop in random[name].items() if all(each in random[heir] for heir in heirs[name])}
        for name in random
    }
    concrete = ("tap", "hose", "dry", "lone")
    factored: Listed = with_agreed_defaults(listed, concrete, PARENTS) if fill else listed
    factored = with_shared(factored, concrete, PARENTS) if share else factored
    own = {name: own_properties(name, factored, PARENTS) for name in factored}
    for name in concrete:
        assert inherited(name, own, PARENTS) == listed[name]


@given(st.fixed_dictionaries({name: st.sampled_from(["", "PIPE", "RACK"]) for name in ("tap", "hose", "dry", "lone")}))
def test_the_stated_kinds_give_back_what_was_told(kinds: dict[str, str]) -> None:
    stated = stated_kinds(kinds, PARENTS)
    for name, kind in kinds.items():
        nearest = next((stated[each] for each in ancestors(name, PARENTS) if each in stated), NOWHERE)
        assert nearest == (kind or NOWHERE)

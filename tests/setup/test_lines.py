"""The lines that are suggested, for all that can be on a machine: they load, and name what is there."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.providers.suggested import SUGGESTED
from ccr.routing.secret import Secret
from ccr.routing.surroundings import LayerSources, Sources, Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.setup.lines import Chosen, choose, suggest, talkers
from ccr.setup.machine import Machine, keys_in

WORDS = vocabulary()
SPECS = {name: WORDS.providers[name] for name in WORDS.providers}
REMOTE = [name for name, spec in SPECS.items() if spec.auth.variables and not spec.local]


def text(machine: Machine, wanted: str = "") -> str:
    chosen = choose(machine, wanted)
    assert chosen is not None
    return suggest(machine, chosen, SPECS)


def routes(machine: Machine) -> list[str]:
    return [line for line in text(machine).splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("name", SUGGESTED)
def test_what_is_suggested_is_in_the_catalogue(name: str) -> None:
    models = SPECS[name].models
    told = SUGGESTED[name]
    for model in (told.main, told.small, told.sees, told.wide, told.search.removesuffix(":online")):
        assert not model or model in models, model
        assert not model or models[model].tools is not False
    assert not told.sees or models[told.sees].vision
    assert not told.wide or (models[told.wide].context or 0) >= 1_000_000


NAMES = st.sampled_from(
    ["qwen3-coder:30b", "qwen3:4b", "llama3.2:3b", "gemma3", "my model:7b", "hf.co/x/Y-GGUF:Q4_K_M", "nomic-embed-text"]
)
LOCAL = st.dictionaries(st.sampled_from(["ollama", "lmstudio"]), st.lists(NAMES, min_size=1, unique=True).map(tuple))
KEYS = st.lists(st.sampled_from(REMOTE), unique=True)


@given(KEYS, LOCAL, st.booleans())
def test_whatever_is_there_the_lines_load(names: list[str], local: Mapping[str, tuple[str, ...]], login: bool) -> None:
    held = {SPECS[name].auth.variables[0]: "k" for name in names}
    machine = Machine(keys=keys_in(held, SPECS), local=local, login=login)
    if choose(machine) is None:
        assert not (names or local or login)
        return
    source = SourceFile("10-routes.ccr", text(machine))
    around = Surroundings({name: Secret(value) for name, value in held.items()}, local)
    loaded = load(Sources((LayerSources("user", (source,)),)), around, WORDS, proofs=False)
    bad = [each for each in loaded.diagnostics if each.level is Severity.ERROR]
    assert loaded.snapshot is not None and not bad, source.content + render(loaded.diagnostics)


def test_a_login_keeps_what_it_pays_for() -> None:
    assert routes(Machine(login=True, keys={"openrouter": "OPENROUTER_API_KEY"})) == ["default route requested"]
    assert choose(Machine(login=True, keys={"anthropic": "ANTHROPIC_API_KEY"})) == Chosen("anthropic")


def test_a_name_with_a_blank_is_quoted() -> None:
    assert routes(Machine(local={"lmstudio": ("my model 30b",)})) == ['default route "lmstudio/my model 30b"']


def test_pictures_go_to_another_vendor_where_the_main_model_is_blind() -> None:
    lines = routes(Machine(keys={"fireworks": "A", "aihubmix": "B"}))
    assert "when last.image               route aihubmix/claude-sonnet-4-6" in lines
    assert not any("image" in line for line in routes(Machine(keys={"openai": "A"})))


def test_what_cannot_talk_is_not_chosen() -> None:
    assert talkers(("nomic-embed-text", "qwen3:4b")) == ("qwen3:4b",)
    assert talkers(("nomic-embed-text",)) == ("nomic-embed-text",)
    assert routes(Machine(local={"ollama": ("bge-reranker:70b", "qwen3:8b")})) == ["default route ollama/qwen3:8b"]

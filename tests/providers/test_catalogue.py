"""What is known of vendors: each file whole, and the profile of every model, frozen in matrix.txt.

`pytest tests/providers --update` rewrites the matrix; a change to a shared line shows every route that it touches.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from ccr.dialects.profile import Profile, resolve
from ccr.providers.spec import LOGINS, ProviderSpec
from ccr.providers.tables import models
from ccr.registry import Registry
from tests.golden import compare

MATRIX = Path(__file__).parent / "matrix.txt"
PROVIDERS: "dict[str, ProviderSpec]" = dict(Registry("ccr.providers.builtin", "PROVIDER"))
FIRST_DAY = date(2026, 11, 1)
"""Nobody worked on this catalogue earlier; an older day is a slip of the hand."""
SOURCE = re.compile(r"(?P<page>\S+)(?P<detail>.*), read (?P<day>\d{4}-\d\d-\d\d)")
OWN = "our own fact sheet on "
SCHEMES = {"bearer", "x-api-key", "x-goog-api-key", "api-key", "client", "none"} | LOGINS


PACKAGE = re.compile(r"the package [a-z][a-z0-9-]* \d+\.\d+(\.\d+)?\b")


def amiss(source: str) -> str:
    """What is wrong with a source; "" if it names a page that can be opened, a package of a certain version, or our own
    fact sheet, and the day of reading.

    A page is an address with a path, or a site that is itself the source and then says which state of it was read.
    """
    said = SOURCE.fullmatch(source)
    if said is None:
        return "not `PAGE …, read YYYY-MM-DD`"
    try:
        day = date.fromisoformat(said["day"])
    except ValueError:
        return "no such day"
    if not FIRST_DAY <= day <= date.today():
        return "not a day on which anybody read it"
    if source.startswith(OWN) or PACKAGE.match(source):
        return ""
    parts = urlsplit(said["page"])
    if parts.scheme not in ("http", "https") or "." not in parts.netloc:
        return "no address of a page"
    return "" if parts.path.strip("/") or re.search(r"\b[0-9a-f]{7,}\b", said["detail"]) else "a site, not a page"


def every_route() -> Iterator[tuple[str, str, Profile]]:
    """Provider and dialect, model or family, and the profile that is spoken with."""
    for name, spec in sorted(PROVIDERS.items()):
        for dialect in (spec.dialect, *spec.endpoints):
            layers = spec.layers(dialect)
            yield f"{name} ({dialect})", "*", resolve(*layers)
            for family in spec.families:
                fitting = [quirks for key, quirks in spec.families.items() if key in family]
                yield f"{name} ({dialect})", f"*{family}*", resolve(*layers, *fitting)


def told() -> str:
    default = msgspec.structs.asdict(Profile())
    lines: list[str] = []
    seen = ""
    for route, model, profile in every_route():
        if route != seen:
            lines += ["", route]
            seen = route
        differs = {key: value for key, value in msgspec.structs.asdict(profile).items() if value != default[key]}
        lines.append(f"  {model}  " + "; ".join(f"{key} = {value!r}" for key, value in differs.items()))
    return "\n".join(line.rstrip() for line in lines).lstrip("\n") + "\n"


def test_profiles_are_as_frozen(update: bool) -> None:
    compare(MATRIX, told(), update, suffix=".txt")


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_vendors_file_is_whole(name: str) -> None:
    spec = PROVIDERS[name]
    assert spec.name == name
    assert spec.doc.endswith("."), "a sentence for a person"
    assert spec.sources and {source: amiss(source) for source in spec.sources if amiss(source)} == {}
    assert len(set(spec.sources)) == len(spec.sources)
    assert spec.auth.scheme in SCHEMES
    assert spec.base_url.startswith("http://localhost" if spec.local else "https://")
    assert spec.dialect not in spec.endpoints
    assert all(host == host.lower() for host in spec.hosts)
    assert all(url.startswith("http") for url in (*spec.endpoints.values(), *filter(None, [spec.models_url])))


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_every_fact_about_a_model_has_its_source(name: str) -> None:
    for model, facts in PROVIDERS[name].models.items():
        assert amiss(facts.source) == "", (model, facts.source)
        assert facts.context is None or facts.context >= 8_000, model
        assert facts.output is None or facts.context is None or facts.output <= facts.context, model
        prices = (facts.price_in, facts.price_out, facts.price_cache_read, facts.price_cache_write)
        assert all(price is None or 0 <= price < 1_000 for price in prices), model
        assert facts.price_cache_read is None or facts.price_in is None or facts.price_cache_read <= facts.price_in, (
            model
        )


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "read 2026-11-22",
        "from memory, read 2026-11-22",
        "the SDK 1.0, read 2026-11-22",
        "https://vendor.example, read 2026-11-22",
        "https://vendor/docs, read 2026-11-22",
        "https://vendor.example/docs",
        "https://vendor.example/docs, read 2026-11",
        "https://vendor.example/docs, read 2026-11-31",
        "https://vendor.example/docs, read 2019-11-22",
        "https://vendor.example/docs, read 2999-11-22",
        "https://vendor.example/docs, read 2026-11-22, or so",
    ],
)
def test_a_source_that_is_none_is_told(nonsense: str) -> None:
    assert amiss(nonsense)
    assert not amiss("https://vendor.example/docs (address), read 2026-11-22")


def test_no_two_vendors_claim_a_host_or_a_key_variable() -> None:
    for claims in (lambda spec: spec.hosts, lambda spec: spec.auth.variables, lambda spec: spec.own):
        claimed = [each for spec in PROVIDERS.values() for each in claims(spec)]
        assert len(claimed) == len(set(claimed))


def test_one_key_variable_is_enough_for_a_vendor_with_an_address() -> None:
    """Whoever needs more than a key (a region, a resource) is never configured by a variable alone."""
    for spec in PROVIDERS.values():
        assert not spec.auth.variables or "{" not in spec.base_url, spec.name


def test_whoever_speaks_another_dialect_for_some_models_has_an_address_for_it() -> None:
    for spec in PROVIDERS.values():
        assert all(dialect in spec.endpoints for _, dialect in spec.by_model), spec.name


def test_a_first_party_is_never_scrubbed_and_strangers_are() -> None:
    assert not resolve(*PROVIDERS["anthropic"].layers("anthropic")).scrub
    assert resolve(*PROVIDERS["deepseek"].layers("anthropic")).scrub


def test_every_row_of_the_mission_is_there() -> None:
    rows = (
        "anthropic openai openrouter deepseek gemini vertex groq ollama lmstudio llamacpp vllm mistral moonshot zai "
        "dashscope modelscope volcengine siliconflow aihubmix cerebras xai together fireworks minimax github azure bedrock vercel"
    )
    assert set(rows.split()) <= set(PROVIDERS)


def test_a_table_with_a_bad_cell_is_refused() -> None:
    assert models("p, 2026", "a  1_000  -  yes  no  -  0.5 # note")["a"].price_in == 0.5
    for line in ("a  many", "a  1  2  maybe", "a 1 2 yes yes yes 1 2 3 4 5"):
        with pytest.raises(ValueError):
            models("p, 2026", line)

"""What a theorem tries is what the requests do of which it speaks: no more and no less."""

import random

from ccr.diagnostics.source import SourceFile
from ccr.lang.coverage import Kind
from ccr.lang.evaluate import holds
from ccr.routing.coverage import Tried
from ccr.routing.expectations import Bench
from ccr.routing.prospects import Prospects
from ccr.routing.sample import read_sample
from ccr.routing.surroundings import LayerSources, Sources, Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import world

POLICY = 'when user == "" deny 401\nwhen user == carol and tokens > 90k only b/*\n'
RULES = """
provider a { url = "http://a/v1"; models = [m, n] }
provider b { url = "http://b/v1"; models = [m, n]; use cleancache }
let large = tokens > 60k or images > 3
let busy = large and not stream
use maxtoken(max_tokens = 9000)
when image or pdf { set effort = low; when busy route a/m or b/m; when model ~ opus route b/n }
when large and not agent deny 403 "no"
when stream use tooluse
when busy or effort >= high route (a/m 50%, b/n 50%) by session
when model ~ haiku and not stream route b/m
default route a/n or b/n
expect a/* when image
expect a/* when user == carol and tokens > 20k
expect a/* when not large and model ~ haiku
expect a/* when agent or pdf
"""
CHOICES = {
    "user": ["alice", "carol"],
    "tokens": ["1k", "30k", "61k", "95k"],
    "model": ["claude-opus-4-5", "claude-haiku-4-5", "opus-haiku"],
    "effort": ["low", "high", "max"],
    "images": ["1", "5"],
    "session": ["s1", "s2", "s3"],
}
FLAGS = ("image", "pdf", "stream", "agent", "last.image")


def _sample(dice: random.Random) -> str:
    said = [f'{name} = "{value}"' if name == "model" else f"{name} = {value}"
            for name, values in CHOICES.items() if dice.random() < 0.7
            for value in [dice.choice(values)]]  # fmt: skip
    said += [name for name in FLAGS if dice.random() < 0.3]
    return f"{{ {', '.join(said)} }}" if said else "{ }"


def test_a_theorem_tries_what_its_requests_try() -> None:
    layers = tuple(
        LayerSources(name, (SourceFile(f"{name}.ccr", text),)) for name, text in (("policy", POLICY), ("user", RULES))
    )
    found = world(Sources(layers), Surroundings(), vocabulary(), proofs=False)
    assert found.loaded.snapshot is not None, [each.message for each in found.loaded.diagnostics]
    prospects = Prospects(found.loaded.snapshot, found.layers)
    bench = Bench(prospects, "user", vocabulary().readers, {})
    dice, files = random.Random(7), ["policy.ccr", "user.ccr"]
    samples = [_sample(dice) for _ in range(2000)]
    seen = 0
    for expect in prospects.layers["user"].expects:
        by_proof, by_request = Tried(prospects, ("policy", "user")), Tried(prospects, ("policy", "user"))
        by_proof.theorem(bench, expect.condition)
        program = prospects.layers["user"].program
        for text in samples:
            facts = read_sample(text, prospects.environment).facts
            assert facts is not None
            if holds(expect.condition, facts, program) is True:
                by_request.example(bench, facts)
                seen += 1
        proved = set(by_proof.coverage(files).done)
        more = [
            each for each in by_request.coverage(files).done if each not in proved and each.kind is not Kind.FALLBACK
        ]
        assert not more, (expect.span.text, [(each.kind, each.text) for each in more])
        less = [each for each in proved if each not in by_request.coverage(files).done]
        assert not less, (expect.span.text, [(each.kind, each.text) for each in less])
    assert seen > 200

"""The requests that claude-code-router 2.0.0 and ours are asked side by side, and where they answer differently on purpose.

A world is a config.json with what stands beside it; `UPSTREAM` in it is where the recording provider listens, `GONE` where
nobody does. A case is one request, with those that go before it. `why` says why the answers differ; without it they are the
same. The providers `alpha`, `beta` and `gamma` are one fake with three addresses, so what answered tells who was chosen.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

Json = dict[str, Any]
_PATH = "/v1/chat/completions"
LONG = 61_000
"""Tokens over the usual threshold of 60,000; `"word " * n` is n tokens in the tokenizer that both use."""
S1, S2, S3 = (f"{n}{n}{n}{n}{n}{n}{n}{n}-1111-4111-8111-111111111111" for n in "123")


class World(NamedTuple):
    """`files` stand in the home folder, by their paths."""

    config: Json
    files: Mapping[str, str] = {}


class Case(NamedTuple):
    world: str
    name: str
    body: Json
    headers: Mapping[str, str] = {}
    before: tuple[Json, ...] = ()
    path: str = "/v1/messages"
    why: str = ""


def provider(name: str, *models: str, at: str = "UPSTREAM") -> Json:
    return {"name": name, "api_base_url": f"{at}/{name}{_PATH}", "api_key": "sk-of-nobody", "models": list(models)}


PROVIDERS = [provider("alpha", "main", "hard"), provider("beta", "small", "long"), provider("gamma", "web", "eyes")]
DEFAULT = {"default": "alpha,main"}
FULL = {
    **DEFAULT,
    "background": "beta,small",
    "think": "alpha,hard",
    "longContext": "beta,long",
    "webSearch": "gamma,web",
}
_ROUTER_JS = """module.exports = async (req, config) => {
  const text = JSON.stringify(req.body.messages);
  if (text.includes("boom")) throw new Error("boom");
  return text.includes("pick beta") ? "beta,small" : null;
};
"""
_ROUTER_PY = """import json


async def router(request, config):
    text = json.dumps(request.body["messages"])
    if "boom" in text:
        raise ValueError("boom")
    return "beta,small" if "pick beta" in text else None
"""
_SHOP = ".claude/projects/-work-shop"
_OWN = ".claude-code-router/-work-shop"


def _world(router: Json, files: Mapping[str, str] = {}, **more: Any) -> World:
    return World({"Providers": PROVIDERS, "Router": router, **more}, files)


WORLDS = {
    "every scenario": _world(FULL),
    "default alone": _world(DEFAULT),
    "no route": _world({}),
    "threshold of 2,000": _world({**DEFAULT, "longContext": "beta,long", "longContextThreshold": 2000}),
    "Router.image": _world({**DEFAULT, "longContext": "beta,long", "image": "gamma,eyes"}),
    "forceUseImageAgent": _world({**DEFAULT, "image": "gamma,eyes"}, forceUseImageAgent=True),
    "fallback": _world(DEFAULT, fallback={"default": ["beta,small", "gamma,web"]}),
    "nobody listens": World(
        {
            "Providers": [provider("alpha", "main", at="GONE"), *PROVIDERS[1:]],
            "Router": DEFAULT,
            "fallback": {"default": ["beta,small"]},
        }
    ),
    "CUSTOM_ROUTER_PATH": _world(
        FULL,
        {".claude-code-router/router.js": _ROUTER_JS, ".claude-code-router/router.py": _ROUTER_PY},
        CUSTOM_ROUTER_PATH="ROUTER",
    ),
    "own Router files": _world(
        FULL,
        {
            f"{_SHOP}/{S1}.jsonl": "{}\n",
            f"{_SHOP}/{S2}.jsonl": "{}\n",
            f"{_OWN}/config.json": '{"Router": {"default": "gamma,web", "background": "gamma,eyes"}}',
            f"{_OWN}/{S2}.json": '{"Router": {"default": "beta,long"}}',
        },
    ),
}


# ---- requests -----------------------------------------------------------------------------------------------------------


def ask(text: str = "hello", model: str = "claude-sonnet-4-5", **more: Any) -> Json:
    return {"model": model, "max_tokens": 1000, "messages": [{"role": "user", "content": text}], **more}


def words(count: int) -> str:
    return "word " * count


def system(*texts: str) -> list[Json]:
    return [{"type": "text", "text": text} for text in texts]


def tag(target: str) -> str:
    return f"<CCR-SUBAGENT-MODEL>{target}</CCR-SUBAGENT-MODEL>You look things up."


def session(number: str) -> Json:
    return {"user_id": f"user_0_account__session_{number}"}


def picture(size: int = 64) -> Json:
    return {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8gd29ybGQh" * size}}


def showing(*blocks: Json, **more: Any) -> Json:
    asked = {"role": "user", "content": [*blocks, {"type": "text", "text": "what is this?"}]}
    return {**ask(**more), "messages": [asked]}


def result(content: Any, **more: Any) -> Json:
    call = {"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {"file_path": "/a"}}
    answer = {"type": "tool_result", "tool_use_id": "toolu_1", "content": content}
    said = [
        {"role": "user", "content": "read it"},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [answer]},
    ]
    return {**ask(tools=[READ], **more), "messages": said}


READ = {"name": "Read", "description": "Reads a file.", "input_schema": {"type": "object", "properties": {}}}
SEARCH = {"type": "web_search_20250305", "name": "web_search", "max_uses": 5}
HAIKU = "claude-haiku-4-5-20251001"
THINK = {"type": "enabled", "budget_tokens": 4000}
TITLE = {"format": {"type": "json_schema", "schema": {"type": "object", "properties": {"title": {"type": "string"}}}}}
JSON_ID = '{"device_id":"d","account_uuid":"","session_id":"%s"}'
GROWN = "usage=90000"
"""In a text: the answer reports so many prompt tokens."""

_CAPITALS = "A model's name is compared without its case; there only `claude` and `haiku` in small letters count."
_DISABLED = "`thinking: disabled` says that nobody is to think. There any `thinking` is a wish for the thinking model."
_ADAPTIVE = (
    "Clients since 2.1 send `thinking: adaptive` with every request, so it tells nothing; ours asks for plan mode, a budget, "
    "or effort `high` and above."
)
_CHORES = (
    "Current clients ask the main model for titles and side questions, so `background` would be dead; ours knows these "
    "requests by their marks."
)
_SLASH = "`provider/model` means the same as `provider,model`; there it is taken for an unknown model."
_CASE = "A provider is found whatever the case; there only if the client's name is all in small letters."
_UNKNOWN = (
    "Ours says which providers there are, and that trying again is of no use (403); there 404 and a place in its code."
)
_BLOCK = "The tag is read in every system text; there in the second block only, where current clients no longer put it."
_BASE64 = "A picture in a tool's result is counted as a picture; there its base64 is counted as text."
_STRING = "A system prompt may be a text; there the image agent fails with 500 on it."
_REFUSED = "A provider that cannot be reached is passed over; there `fallback` is asked only when a status came."
_USER_ID = "The session is known in the form that clients write since 2.1.78, too."
_OWN_BACKGROUND = "The project's `background` holds; there the common one does, for this scenario alone."
_PARTIAL = "A project's Router stands whole in the place of the common one; there the common `background` still holds."
_NONE = "Ours says which rule to write, and where; there the client is told that its request names no model."
_PIECES = "Long texts are counted in pieces, which are kept for the next request; a cut can add a token."

F, B, P, X = "every scenario", "fallback", "Router.image", "CUSTOM_ROUTER_PATH"
CASES = (
    Case(F, "a plain request", ask()),
    Case(F, "streamed", ask(stream=True)),
    Case(F, "opus", ask(model="claude-opus-4-5")),
    Case(F, "a model nobody knows", ask(model="my-model")),
    Case(F, "haiku 3.5", ask(model="claude-3-5-haiku-20241022")),
    Case(F, "haiku 4.5", ask(model=HAIKU)),
    Case(F, "haiku without claude in its name", ask(model="haiku")),
    Case(F, "haiku in capitals", ask(model="CLAUDE-HAIKU-4-5"), why=_CAPITALS),
    Case(F, "thinking with a budget", ask(thinking=THINK)),
    Case(F, "thinking switched off", ask(thinking={"type": "disabled"}), why=_DISABLED),
    Case(F, "adaptive thinking", ask(thinking={"type": "adaptive"}), why=_ADAPTIVE),
    Case(F, "adaptive thinking, effort high", ask(thinking={"type": "adaptive"}, output_config={"effort": "high"})),
    Case(F, "haiku that thinks", ask(model=HAIKU, thinking=THINK)),
    Case(F, "the server's web search", ask(tools=[SEARCH])),
    Case(F, "the client's own WebSearch", ask(tools=[{**READ, "name": "WebSearch"}])),
    Case(F, "web search that thinks", ask(tools=[SEARCH], thinking=THINK)),
    Case(F, "web search by haiku", ask(model=HAIKU, tools=[SEARCH])),
    Case(F, "tools", ask(tools=[READ])),
    Case(F, "a tool's result", result("text of the file")),
    Case(F, "59,000 tokens", ask(words(59_000))),
    Case(F, "61,000 tokens", ask(words(LONG))),
    Case(F, "61,000 tokens, streamed", ask(words(LONG), stream=True)),
    Case(F, "61,000 tokens to haiku", ask(words(LONG), model=HAIKU)),
    Case(F, "61,000 tokens that think", ask(words(LONG), thinking=THINK)),
    Case(F, "61,000 tokens in the system prompt", ask(system=system("You are Claude Code.", words(LONG)))),
    Case(F, "61,000 tokens in a tool's result", result(words(LONG))),
    Case(F, "61,000 tokens in a tool's description", ask(tools=[{**READ, "description": words(LONG)}])),
    Case(F, "a large picture", showing(picture(20_000))),
    Case(F, "a large picture in a tool's result", result([picture(20_000)]), why=_BASE64),
    Case(F, "a session that grew long, and 25,000 tokens", ask(words(25_000), metadata=session(S1)), before=(ask(GROWN, stream=True, metadata=session(S1)),)),
    Case(F, "a session that grew long, and a short request", ask(metadata=session(S2)), before=(ask(GROWN, stream=True, metadata=session(S2)),)),
    Case(F, "a session that grew long, told by a current client", ask(words(25_000), metadata={"user_id": JSON_ID % S3}), before=(ask(GROWN, stream=True, metadata={"user_id": JSON_ID % S3}),), why=_USER_ID),
    Case(F, "/model alpha,hard", ask(model="alpha,hard")),
    Case(F, "/model with a model that is not listed", ask(model="beta,never-listed")),
    Case(F, "/model in capitals", ask(model="BETA,long"), why=_CASE),
    Case(F, "/model alpha/hard", ask(model="alpha/hard"), why=_SLASH),
    Case(F, "/model with a provider that is not there", ask(model="nobody,x"), why=_UNKNOWN),
    Case(F, "/model, and 61,000 tokens", ask(words(LONG), model="alpha,hard")),
    Case(F, "/model, and web search that thinks", ask(model="beta,small", tools=[SEARCH], thinking=THINK)),
    Case(F, "a subagent's tag", ask(system=system("You are Claude Code.", tag("gamma,eyes")))),
    Case(F, "a subagent's tag, and 61,000 tokens", ask(words(LONG), system=system("You are Claude Code.", tag("gamma,eyes")))),
    Case(F, "a subagent's tag, asked of haiku", ask(model=HAIKU, system=system("You are Claude Code.", tag("gamma,eyes")))),
    Case(F, "a subagent's tag, and /model", ask(model="alpha,hard", system=system("You are Claude Code.", tag("gamma,eyes")))),
    Case(F, "a subagent's tag in the third block", ask(system=system("x-anthropic-billing-header: cc_version=2.1;", "You are Claude Code.", tag("gamma,eyes"))), why=_BLOCK),
    Case(F, "a subagent's tag with a provider that is not there", ask(system=system("You are Claude Code.", tag("nobody,x"))), why=_UNKNOWN),
    Case(F, "a session's title", ask(output_config=TITLE), why=_CHORES),
    Case(F, "a side question", ask(), {"x-claude-code-request-class": "side_reply"}, why=_CHORES),
    Case(F, "a picture, with no Router.image", showing(picture())),
    Case(F, "count_tokens", ask("How many tokens are these?"), path="/v1/messages/count_tokens"),
    Case(F, "count_tokens of 61,000", ask(words(LONG)), path="/v1/messages/count_tokens", why=_PIECES),
    Case("default alone", "haiku", ask(model=HAIKU)),
    Case("default alone", "thinking and web search", ask(thinking=THINK, tools=[SEARCH])),
    Case("default alone", "61,000 tokens", ask(words(LONG))),
    Case("no route", "a plain request", ask(), why=_NONE),
    Case("threshold of 2,000", "1,900 tokens", ask(words(1_900))),
    Case("threshold of 2,000", "2,100 tokens", ask(words(2_100))),
    Case(P, "a picture", showing(picture())),
    Case(P, "a picture, streamed", showing(picture(), stream=True)),
    Case(P, "a picture in a tool's result", result([picture()])),
    Case(P, "a picture, and /model", showing(picture(), model="beta,small")),
    Case(P, "a picture, and 61,000 tokens", showing(picture(), {"type": "text", "text": words(LONG)})),
    Case(P, "a picture in an earlier message", {**ask(system=system("You are Claude Code.")), "messages": [*showing(picture())["messages"], {"role": "assistant", "content": "a cat"}, {"role": "user", "content": "thanks"}]}),
    Case("forceUseImageAgent", "a picture", showing(picture(), system=system("You are Claude Code."))),
    Case("forceUseImageAgent", "a picture, the system prompt a text", showing(picture(), system="You are Claude Code."), why=_STRING),
    Case(B, "the first answers", ask()),
    Case(B, "the first fails with 500", ask("status=500")),
    Case(B, "the first fails with 500, streamed", ask("status=500", stream=True)),
    Case(B, "the first says 429", ask("status=429")),
    Case(B, "the first calls the request wrong", ask("status=400")),
    Case("nobody listens", "a plain request", ask(), why=_REFUSED),
    Case(X, "it chooses", ask("pick beta")),
    Case(X, "it chooses, whatever /model says", ask("pick beta", model="alpha,hard")),
    Case(X, "it has no opinion", ask(model=HAIKU)),
    Case(X, "it fails", ask("boom", thinking=THINK)),
    Case("own Router files", "the project's", ask(metadata=session(S1))),
    Case("own Router files", "the session's", ask(metadata=session(S2))),
    Case("own Router files", "the project's, which has no `think`", ask(metadata=session(S1), thinking=THINK)),
    Case("own Router files", "the project's `background`", ask(model=HAIKU, metadata=session(S1)), why=_OWN_BACKGROUND),
    Case("own Router files", "the session's, which has no `background`", ask(model=HAIKU, metadata=session(S2)), why=_PARTIAL),
    Case("own Router files", "a session of another project", ask(metadata=session(S3))),
)  # fmt: skip

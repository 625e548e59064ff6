"""Every key of config.json: how it is read and what it becomes. No other module of ccr knows one.

The names are claude-code-router's own (its README and its source, 1.0.31 to 2.0.0); `dialect`, `auth`, `proxy`,
`region` and `project` of a provider, and `tokenizer` at the top, are ours. A key is found whatever its case and with or without underscores.
"""

from enum import Enum

from msgspec import Struct


class Kind(Enum):
    """What a key holds, in the words its finding uses."""

    TEXT = "a text"
    WORD = "a word"
    SECRET = "a key, as a text or as `$VARIABLE`"
    NUMBER = "a whole number"
    FLAG = "true or false"
    LOG = "true, false, or one of `off`, `meta`, `full`"
    TEXTS = "a list of texts"
    SECRETS = "a list of keys"
    KEYS = "a key, as a text or as `$VARIABLE`, or a list of them"
    LIST = "a list"
    OBJECT = "an object"
    ANY = "anything"


class Key(Struct, frozen=True):
    """`becomes` is what it means, as a rule file would say it; `later` what is told when this release does nothing with
    it; `others` are further names it goes by."""

    name: str
    kind: Kind
    becomes: str
    others: tuple[str, ...] = ()
    later: str = ""
    option: str = ""
    """The option of the block it stands in, where it becomes one."""
    unit: str = ""
    """Of a number that is a duration; 0 of it is read as not set, as elsewhere it means no limit."""


Table = dict[str, Key]


def _table(*keys: Key) -> Table:
    return {key.name: key for key in keys}


_TERMINAL = "a setting of `ccr code`, not of the proxy"
OF_PRESET = "it is part of a preset, which `ccr preset install` takes; in config.json it does nothing"

ROOT = _table(
    Key("$schema", Kind.TEXT, "nothing: it is for editors"),
    Key("APIKEY", Kind.SECRET, "server { key = … }", option="key"),
    Key("HOST", Kind.TEXT, "server { host = … }", option="host"),
    Key("PORT", Kind.NUMBER, "server { port = … }", option="port"),
    Key("LOG", Kind.LOG, "server { log = meta }", option="log"),
    Key("LOG_LEVEL", Kind.WORD, "server { log_level = … }", option="log_level"),
    Key("LOG_FILE", Kind.TEXT, "nothing: the log file has its place", later="log files stand in logs/ of the ccr home, and nowhere else"),
    Key("API_TIMEOUT_MS", Kind.NUMBER, "server { timeout = …ms }", option="timeout", unit="ms"),
    Key("HTTPS_PROXY", Kind.TEXT, "server { proxy = … }, before PROXY_URL", option="proxy"),
    Key("PROXY_URL", Kind.TEXT, "server { proxy = … }", option="proxy"),
    Key("tokenizer", Kind.WORD, "server { tokenizer = … }", option="tokenizer"),
    Key("Providers", Kind.LIST, "provider NAME { … }, one for each"),
    Key("transformers", Kind.LIST, 'use python "FILE:transformer" where its name is used, or options of a built-in one'),
    Key("OPENAI_API_KEY", Kind.SECRET, "provider openai { key = … }"),
    Key("OPENAI_BASE_URL", Kind.TEXT, "provider openai { url = … }"),
    Key("OPENAI_MODEL", Kind.TEXT, "provider openai { models = […] } and the default route"),
    Key("CUSTOM_ROUTER_PATH", Kind.TEXT, 'route python "FILE:router", before every other rule'),
    Key("Router", Kind.OBJECT, "when … route …, and default route …"),
    Key("fallback", Kind.OBJECT, "… or … on the scenario's line"),
    Key("REWRITE_SYSTEM_PROMPT", Kind.TEXT, 'use rewrite_system(file = "…"), for system texts that tell of an environment'),
    Key("forceUseImageAgent", Kind.FLAG, "use describe_images(by = IMAGE), instead of the rule of Router.image"),
    Key("plugins", Kind.LIST, "nothing yet", later="`token-speed`, the only one there was, is part of the status line (`tokenSpeed`)"),
    Key("CLAUDE_PATH", Kind.TEXT, _TERMINAL, ("CLAUDE_EXECUTABLE_PATH",)),
    Key("NON_INTERACTIVE_MODE", Kind.FLAG, _TERMINAL),
    Key("ANTHROPIC_SMALL_FAST_MODEL", Kind.TEXT, _TERMINAL),
    Key("StatusLine", Kind.OBJECT, _TERMINAL),
    Key("UI_PASSWORD", Kind.SECRET, "server { ui_password = … }", option="ui_password"),
    Key("UI_PORT", Kind.NUMBER, "server { ui_port = … }", option="ui_port"),
    Key("presets", Kind.ANY, "ccr preset …", later=OF_PRESET),
    Key("noServer", Kind.FLAG, "part of a preset", later=OF_PRESET),
    Key("claudeCodeSettings", Kind.OBJECT, "part of a preset", later=OF_PRESET),
    Key("schema", Kind.LIST, "part of a preset", later=OF_PRESET),
    Key("template", Kind.OBJECT, "part of a preset", later=OF_PRESET),
    Key("configMappings", Kind.LIST, "part of a preset", later=OF_PRESET),
    Key("userValues", Kind.OBJECT, "part of a preset", later=OF_PRESET),
)  # fmt: skip

_PROMPT = "REWRITE_SYSTEM_PROMPT"
PASSWORD_VARIABLE = "UI_PASSWORD"
"""The environment variable that means the same as the key of that name."""


def names_files(text: str) -> bool:
    """Whether a config.json may name files that are read with it; a look at its text, not a reading."""
    return ".py" in text or plain(_PROMPT) in plain(text)


LAUNCHER = ("CLAUDE_PATH", "NON_INTERACTIVE_MODE", "ANTHROPIC_SMALL_FAST_MODEL", "StatusLine")
"""Keys that are for the terminal: they go to `Settings.launcher` as they are."""

PROVIDER = _table(
    Key("name", Kind.TEXT, "provider NAME"),
    Key("api_base_url", Kind.TEXT, "url = …", ("base_url", "url"), option="url"),
    Key("dialect", Kind.TEXT, "dialect = …", option="dialect"),
    Key("auth", Kind.TEXT, "auth = …", option="auth"),
    Key("api_key", Kind.KEYS, "key = …, or keys = […]", ("key",), option="key"),
    Key("api_keys", Kind.SECRETS, "keys = […]", ("keys",), option="keys"),
    Key("models", Kind.TEXTS, "models = […]", option="models"),
    Key("region", Kind.TEXT, "region = …", option="region"),
    Key("project", Kind.TEXT, "project = …", option="project"),
    Key("proxy", Kind.TEXT, "proxy = …", ("proxy_url",), option="proxy"),
    Key("transformer", Kind.OBJECT, "use …, and model NAME { use … }", ("transformers",)),
    Key("tokenizer", Kind.ANY, "tokens of this provider", later="a tokenizer per provider is not in this release; tokens are counted with the server's"),
)  # fmt: skip

USE = _table(Key("use", Kind.LIST, "use NAME, one for each"))
"""Inside `transformer`; every other key there is the name of a model."""

PLUGIN = _table(
    Key("name", Kind.TEXT, "the name it is used by; without one, the file's"),
    Key("path", Kind.TEXT, "the file it is written in; FILE.py:NAME for another name in it than `transformer`"),
    Key("options", Kind.OBJECT, "its options"),
)

ROUTER = _table(
    Key("default", Kind.TEXT, "default route …"),
    Key("background", Kind.TEXT, "when (model ~ claude and model ~ haiku) or kind in [title, side] route …"),
    Key("think", Kind.TEXT, "when plan or thinking.budget > 0 or (thinking and effort >= high) route …"),
    Key("longContext", Kind.TEXT, "when tokens > THRESHOLD route …"),
    Key("longContextThreshold", Kind.NUMBER, "the threshold of `longContext`, tokens"),
    Key("webSearch", Kind.TEXT, "when web_search route …"),
    Key("image", Kind.TEXT, "when last.image route …"),
)

FALLBACK = _table(
    *(Key(name, Kind.TEXTS, "… or … on its line") for name, key in ROUTER.items() if key.kind is Kind.TEXT)
)

TABLES = {
    "": ROOT,
    "Providers[]": PROVIDER,
    "Providers[].transformer": USE,
    "transformers[]": PLUGIN,
    "Router": ROUTER,
    "fallback": FALLBACK,
}
"""All of them, by where they stand."""

LONG_CONTEXT = 60_000
"""Tokens, where `longContextThreshold` is not set (the reference's README)."""

BUILT_IN = {
    name.lower(): name
    for name in (
        "Anthropic", "OpenAI", "deepseek", "gemini", "openrouter", "groq", "maxtoken", "maxcompletiontokens", "tooluse",
        "gemini-cli", "reasoning", "forcereasoning", "extrathinktag", "sampling", "enhancetool", "cleancache",
        "customparams", "streamoptions", "cerebras", "vercel", "vertex-gemini", "vertex-claude", "vertex-openai",
        "openai-responses",
    )
}  # fmt: skip
"""The transformers that claude-code-router brings, by their names in lower case: what config files call them. What they
do is said where they are; a name that is not here is taken as it is written."""

NUMBERS = frozenset({"max_tokens", "temperature", "top_p", "top_k", "repetition_penalty"})
"""Options of transformers that are numbers; the reference's own UI writes them as texts."""


def plain(name: str) -> str:
    """A name without what people vary: case, underscores, hyphens."""
    return name.replace("_", "").replace("-", "").lower()


def find(table: Table, written: str) -> Key | None:
    """The key that is meant by what is written."""
    wanted = plain(written)
    for key in table.values():
        if wanted in (plain(name) for name in (key.name, *key.others)):
            return key
    return None

"""The options of the blocks `server`, `user`, `provider` and `model`: what may stand before `=` in each.

Amendments C.12 and S27 list them. What an option does is told in its doc, in the units a person writes; turning them
into `Settings` and a `Catalog` is `workspace`'s work.
"""

from ccr.lang.environment import OptionDecl
from ccr.lang.types import BOOL, DURATION, INT, MONEY, STRING, enum

DIALECTS = ("anthropic", "openai_chat", "openai_responses", "gemini", "ollama")
"""Wire protocols that can be named; those without a folder in `dialects/builtin` stand in `unbuilt`."""

_SERVER = (
    OptionDecl("port", "Port to listen on.", INT, example="3456"),
    OptionDecl("host", "Address to listen on. Without a key only loopback is served.", STRING, example='"127.0.0.1"'),
    OptionDecl("hosts", "Further names by which clients may call the proxy.", STRING, "list", "[ccr.corp.example]"),
    OptionDecl("key", "Key that clients must present.", STRING, "secret", "env.CCR_KEY"),
    OptionDecl("zone", "What `time` and `weekday` mean: an IANA zone. The machine's unless said.", STRING, example='"Europe/Berlin"'),
    OptionDecl("tokenizer", "How tokens are counted.", enum("cl100k", "o200k"), example="o200k"),
    OptionDecl("log", "What is written down of requests: nothing, everything but texts (`meta`, unless said), or also what was sent.", enum("off", "meta", "full"), example="off"),
    OptionDecl("retention", "How long single requests stay in the log; their sums stay. 90 days unless said, 0 for ever.", DURATION, example="30d"),
    OptionDecl("store", "Where the log is kept: the address of a PostgreSQL that a team shares. A file in the ccr home unless said.", STRING, "secret", "env.CCR_LOG_URL"),
    OptionDecl("state", "Where several hosts keep what they remember together (limits, spend, who rests, what answered last): a Redis server. Needs the extra `redis`; read at the start.", STRING, "secret", "env.CCR_STATE_URL"),
    OptionDecl("log_level", "Writes a log file in `logs/` of the ccr home, JSON, a line for each request, and this is the least that stands in it. Without it there is none.", enum("trace", "debug", "info", "warn", "error", "fatal"), example="info"),
    OptionDecl("timeout", "Longest wait for the first byte, between bytes, and for an answer that is not streamed.", DURATION, example="10m"),
    OptionDecl("proxy", "Outbound proxy; never used for loopback, link-local or private addresses.", STRING, "secret", '"http://127.0.0.1:7890"'),
    OptionDecl("tls_cert", "Certificate file in PEM form: the proxy itself speaks TLS. Below the ccr home unless absolute; a renewed one is taken while it runs.", STRING, example='"cert.pem"'),
    OptionDecl("tls_key", "Key file of the certificate, without a password.", STRING, example='"key.pem"'),
    OptionDecl("forwarded", "Networks of reverse proxies whose word on who asks is believed (x-forwarded-for, x-forwarded-proto).", STRING, "list", '["10.0.0.0/8"]'),
    OptionDecl("ui_password", "Password of the web UI; without one it is chosen at the first visit.", STRING, "secret", "env.UI_PASSWORD"),
    OptionDecl("ui_port", "Port on loopback that leads to the web UI, where it is free; 0 for none.", INT, example="3457"),
    OptionDecl("shipped", "Whether the rules that come with ccr are the weakest layer.", enum("on", "off"), example="off"),
)  # fmt: skip

_USER = (OptionDecl("key", 'The person\'s key, or its hash as "sha256:…".', STRING, "secret", "env.CCR_KEY_ALICE"),)

_PROVIDER = (
    OptionDecl("url", "Base address or whole endpoint.", STRING, example='"http://localhost:1234/v1"'),
    OptionDecl("dialect", "The protocol it speaks.", enum(*DIALECTS), example="openai_chat"),
    OptionDecl("key", "Its API key.", STRING, "secret", "env.MY_KEY"),
    OptionDecl("keys", "Several keys: each session keeps one, and one that rests gives way.", STRING, "secrets", "[env.KEY_A, env.KEY_B]"),
    OptionDecl("auth", "Whose credential is shown: its `key`, the `client`'s own login, or `none`.", enum("key", "client", "none"), example="client"),
    OptionDecl("models", "The models it serves.", STRING, "list", "[small, large]"),
    OptionDecl("region", "Region of a cloud provider.", STRING, example='"eu-central-1"'),
    OptionDecl("project", "Project of a cloud provider.", STRING, "secret", "env.GCP_PROJECT"),
    OptionDecl("proxy", "Outbound proxy for this provider alone.", STRING, "secret", '"http://127.0.0.1:7890"'),
    OptionDecl("rpm", "Requests per minute at most.", INT, example="20"),
    OptionDecl("rpd", "Requests per day at most.", INT, example="1000"),
    OptionDecl("tpm", "Tokens per minute at most.", INT, example="100k"),
    OptionDecl("concurrency", "Requests at the same time at most.", INT, example="4"),
    OptionDecl("timeout", "How long an attempt waits for the first content.", DURATION, example="40s"),
)  # fmt: skip

_MODEL = (
    OptionDecl("context", "Its window, tokens.", INT, example="64k"),
    OptionDecl("output", "Largest output, tokens.", INT, example="8192"),
    OptionDecl("vision", "Whether it sees images.", BOOL, example="false"),
    OptionDecl("tools", "Whether it calls tools.", BOOL, example="true"),
    OptionDecl("thinking", "Whether it can think.", BOOL, example="true"),
    OptionDecl("search", "Whether it can search the web by itself.", BOOL, example="false"),
    OptionDecl("price_in", "Price of a million input tokens.", MONEY, example="$0.27"),
    OptionDecl("price_out", "Price of a million output tokens.", MONEY, example="$1.10"),
    OptionDecl("price_cache_read", "Price of a million input tokens read from its cache.", MONEY, example="$0.07"),
)

BLOCKS = {
    name: {option.name: option for option in options}
    for name, options in (("server", _SERVER), ("user", _USER), ("provider", _PROVIDER), ("model", _MODEL))
}

"""Every check with machines that are not there: what is wrong is said with what to do, what is well stays well."""

import pytest
from msgspec import structs

from ccr.doctor.check import Check, Level, Mend
from ccr.doctor.examine import BAD, CHECKS, ORDER, examine, is_well
from ccr.doctor.machine import Clash, Executable, File, Key, Machine, Named, Reached, Rules, Served, Shape, shape

WELL = Machine(
    version="1.0",
    variables={"DISABLE_TELEMETRY": "1"},
    free=10**10,
    files=(File("~/.claude-code-router/config.json", 0o600),),
    service=Served(7, "http://127.0.0.1:3456", "1.0", True),
    commands=(Named("/home/ada/.local/bin/ccr", ours=True),),
    keys=(Key("ZAI_API_KEY", "zai", "the variable ZAI_API_KEY"),),
    claude=(Executable("/usr/bin/claude", "2.1.197", "PATH"),),
    rules=Rules(providers=1, config=True, rule_files=2),
    reached=(Reached("zai", "api.z.ai", skew=0.4),),
    asked=True,
)


def sick(**changes: object) -> Machine:
    return structs.replace(WELL, **changes)


def variables(**more: str) -> Machine:
    return sick(variables={**WELL.variables, **more})


CASES = {
    "home cannot be written": ("home", sick(home_problem="Read-only file system"), Level.ERROR, "Read-only file system"),
    "home is not there": ("home", sick(home_exists=False), Level.NOTE, "not there yet"),
    "disk is full": ("home", sick(free=1000), Level.ERROR, "0 MB are free"),
    "disk is nearly full": ("home", sick(free=100 * 2**20), Level.WARNING, "100 MB are free"),
    "others may read": ("modes", sick(files=(File("config.json", 0o644),)), Level.WARNING, "read by others (644)"),
    "others may write": ("modes", sick(files=(File("config.json", 0o666),)), Level.WARNING, "changed by others"),
    "somebody else's": ("modes", sick(files=(File("config.json", 0o600, owned=False),)), Level.WARNING, "somebody else"),
    "Windows has no modes": ("modes", sick(system="win32"), Level.NOTE, "Windows keeps files apart"),
    "no service": ("service", sick(service=None), Level.NOTE, "no service runs"),
    "a mute service": ("service", sick(service=Served(7, "u", "1.0", False)), Level.ERROR, "does not answer"),
    "an old service": ("service", sick(service=Served(7, "u", "0.9", True)), Level.WARNING, "0.9, and 1.0 is installed"),
    "old rules": ("service", sick(service=Served(7, "u", "1.0", True, True)), Level.ERROR, "older than those on disk"),
    "a stale record": ("service", sick(stale=("run/3456.json",)), Level.WARNING, "service that is gone"),
    "a taken port": ("port", sick(service=None, held_by="another program (pid 9, node)"), Level.ERROR, "(pid 9, node)"),
    "npm has the port": ("port", sick(service=None, held_by="claude-code-router (npm)"), Level.ERROR, "(npm)"),
    "npm comes first": ("npm", sick(commands=(Named("/n/ccr", npm="2.0.0"), *WELL.commands)), Level.WARNING, "2.0.0 of npm"),
    "npm comes second": ("npm", sick(commands=(*WELL.commands, Named("/n/ccr", npm="2.0.0"))), Level.NOTE, "is there, too"),
    "npm runs": ("npm", sick(npm_pid=9), Level.NOTE, "pid 9"),
    "not on PATH": ("npm", sick(commands=()), Level.NOTE, "starts nothing"),
    "a stranger on PATH": ("npm", sick(commands=(Named("/x/ccr"),)), Level.NOTE, "/x/ccr, which is not this one"),
    "rules do not load": ("rules", sick(rules=Rules(False, ("first", "second"))), Level.ERROR, "first"),
    "rules warn": ("rules", sick(rules=Rules(warnings=("w",), providers=1)), Level.WARNING, "w"),
    "no rules": ("rules", sick(rules=Rules(providers=1)), Level.NOTE, "no config.json and no rules"),
    "keys.json is broken": ("keys", sick(broken_keys="keys.json is no JSON"), Level.ERROR, "is no JSON"),
    "a key is missing": ("keys", sick(keys=(Key("GROQ_API_KEY", "groq"),)), Level.WARNING, "groq is used"),
    "a key is quoted": ("keys", sick(keys=(Key("K", "p", "the variable K", Shape(quoted=True)),)), Level.ERROR, "quotes"),
    "a key is empty": ("keys", sick(keys=(Key("K", "p", "the variable K", Shape(empty=True)),)), Level.ERROR, "is set and empty"),
    "nobody to ask": ("providers", sick(rules=Rules(), reached=()), Level.WARNING, "only the demo"),
    "no name": ("providers", sick(reached=(Reached("p", "h", "dns"),)), Level.ERROR, "no address is known for h"),
    "refused": ("providers", sick(reached=(Reached("p", "h", "refused"),)), Level.ERROR, "refuses connections"),
    "too late": ("providers", sick(reached=(Reached("p", "h", "timeout"),)), Level.ERROR, "did not answer in time"),
    "a stranger's certificate": ("providers", sick(reached=(Reached("p", "h", "tls", "self-signed"),)), Level.ERROR, "(self-signed)"),
    "the proxy fails": ("providers", sick(reached=(Reached("p", "h", "proxy", "407", "http://x:1"),)), Level.ERROR, "http://x:1"),
    "something else": ("providers", sick(reached=(Reached("p", "h", "other", "odd"),)), Level.ERROR, "(odd)"),
    "offline": ("providers", sick(asked=False, reached=()), Level.NOTE, "--offline"),
    "NO_PROXY lacks us": ("proxy", variables(HTTPS_PROXY="http://p:1"), Level.WARNING, "NO_PROXY lacks 127.0.0.1 and localhost"),
    "NO_PROXY lacks one": ("proxy", variables(https_proxy="http://p:1", NO_PROXY="localhost"), Level.WARNING, "lacks 127.0.0.1:"),
    "a proxy is no address": ("proxy", variables(HTTP_PROXY="p:x:1", NO_PROXY="*"), Level.ERROR, "is no address"),
    "a SOCKS proxy": ("proxy", variables(ALL_PROXY="socks5://p:1", NO_PROXY="*"), Level.ERROR, "SOCKS"),
    "certificates are missing": ("tls", sick(missing_files={"SSL_CERT_FILE": "/x"}), Level.ERROR, "/x, which cannot be read"),
    "only Node knows": ("tls", variables(NODE_EXTRA_CA_CERTS="/x"), Level.WARNING, "ccr does not know that authority"),
    "trusts everybody": ("tls", variables(NODE_TLS_REJECT_UNAUTHORIZED="0"), Level.WARNING, "trusts everybody"),
    "a fast clock": ("clock", sick(reached=(Reached("p", "h", skew=600.0),)), Level.WARNING, "10 minutes fast"),
    "a slow clock": ("clock", sick(reached=(Reached("p", "h", skew=-7200.0),)), Level.WARNING, "120 minutes slow"),
    "no Claude Code": ("claude", sick(claude=()), Level.WARNING, "not found"),
    "a broken Claude Code": ("claude", sick(claude=(Executable("/c", problem="gone"),)), Level.ERROR, "gone"),
    "two Claude Codes": ("claude", sick(claude=(*WELL.claude, Executable("/c"))), Level.NOTE, "1 more: /c"),
    "Windows' Claude Code": ("claude", sick(wsl=True, claude=(Executable("/mnt/c/claude.exe", "2"),)), Level.WARNING, "WSL"),
    "settings lead past": ("bypass", sick(clashes=(Clash("~/.claude/settings.json", "ANTHROPIC_BASE_URL"),)), Level.WARNING, "settings.json sets"),
    "managed settings": ("bypass", sick(clashes=(Clash("/etc/m", "ANTHROPIC_BASE_URL", True),)), Level.ERROR, "than `ccr code`"),
    "another address": ("bypass", variables(ANTHROPIC_BASE_URL="https://x"), Level.NOTE, "is https://x"),
    "two credentials": ("bypass", variables(ANTHROPIC_AUTH_TOKEN="(set)", ANTHROPIC_API_KEY="(set)"), Level.NOTE, "both set"),
    "another cloud": ("bypass", variables(CLAUDE_CODE_USE_BEDROCK="1"), Level.NOTE, "goes to that cloud"),
    "a model": ("bypass", variables(ANTHROPIC_MODEL="opus"), Level.NOTE, "asks for"),
    "statistics": ("telemetry", sick(variables={}), Level.NOTE, "sends statistics"),
    "no titles": ("telemetry", variables(CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1"), Level.NOTE, "no titles"),
    "WSL": ("wsl", sick(wsl=True), Level.NOTE, "Windows side"),
}  # fmt: skip


def test_a_well_machine_is_well() -> None:
    found = examine(WELL)
    assert is_well(found)
    assert {each.finding.level for each in found} == {Level.OK}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_wrong_is_said(case: str) -> None:
    name, machine, level, words = CASES[case]
    check: Check = CHECKS[name]
    found = [each for each in check.look(machine) if words in each.text]
    assert [each.level for each in found] == [level]
    assert found[0].advice or level in (Level.NOTE, Level.OK), "it says what to do"
    # No other check minds what this one does.
    others = [each for each in examine(machine) if each.check not in (name, "claude", "wsl")]
    assert is_well(others) or name in ("rules", "home", "providers")


def test_every_check_is_tried_and_has_its_place() -> None:
    assert {name for name, *_ in CASES.values()} == set(CHECKS)
    assert set(ORDER) == set(CHECKS)
    for name, check in CHECKS.items():
        assert check.name == name
        assert check.title


def test_a_taken_port_is_no_matter_while_ours_runs() -> None:
    assert list(CHECKS["port"].look(sick(held_by="somebody"))) == []


def test_what_may_be_mended_without_asking() -> None:
    machine = sick(files=(File("a", 0o644), File("b", 0o600)), stale=("run/1.json",))
    mends = [each.finding.mend for each in examine(machine) if each.finding.mend]
    assert mends == [Mend("a", 0o600), Mend("run/1.json")]
    assert all(each.finding.level in BAD for each in examine(machine) if each.finding.mend)


def test_many_findings_are_cut_short() -> None:
    found = list(CHECKS["rules"].look(sick(rules=Rules(False, tuple("abcde"), tuple("vwxyz"), config=True))))
    assert [each.text for each in found] == ["a", "b", "c", "v", "w", "x", "and 4 findings more"]


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("sk-or-v1-0123456789abcdef", Shape()),
        ("", Shape(empty=True)),
        ('""', Shape(empty=True, quoted=True)),
        ("  ", Shape(empty=True, blanks=True)),
        ('"sk-abc"', Shape(quoted=True)),
        ("sk-abc\n", Shape(blanks=True, newline=True)),
        ("sk abc", Shape(blanks=True)),
        ("sk–abc", Shape(strange=True)),
        ("your-api-key", Shape(placeholder=True)),
        ("YOUR_API_KEY_HERE", Shape(placeholder=True)),
        ("<key>", Shape(placeholder=True)),
        ("sk-xxxxxx", Shape(placeholder=True)),
        ("$OPENAI_API_KEY", Shape(placeholder=True)),
    ],
)
def test_the_shape_of_a_key(text: str, flaw: Shape) -> None:
    assert shape(text) == flaw

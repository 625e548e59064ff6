"""Providers: that there is one, and that their hosts can be reached from here (no key is sent for that)."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, error, note, ok, warning
from ccr.doctor.machine import Machine, Reached

_PROBLEMS = {
    "dns": ("no address is known for {host}", "check the network and its name server"),
    "refused": ("{host} refuses connections", "start it, or check its address"),
    "timeout": ("{host} did not answer in time", "check the network; behind a company's proxy set HTTPS_PROXY"),
    "tls": (
        "the certificate of {host} is not trusted ({said})",
        "a company's proxy may read along: get its authority's certificate and name it in SSL_CERT_FILE",
    ),
    "proxy": (
        "the outbound proxy {proxy} does not lead to {host} ({said})",
        "check HTTPS_PROXY, or PROXY_URL in config.json",
    ),
    "other": ("{host} could not be reached ({said})", "check the network"),
}


def _look(machine: Machine) -> Iterator[Finding]:
    if not machine.rules.providers and not machine.login and machine.rules.loads:
        yield warning(
            "no provider is set up and Claude Code is not logged in: only the demo would answer",
            "ccr init, or set a provider's key; ccr providers lists them",
        )
    for each in machine.reached:
        if each.problem:
            yield _problem(each)
    good = [each.provider for each in machine.reached if not each.problem]
    if good:
        yield ok(f"reached: {', '.join(good)}")
    if not machine.asked:
        yield note("providers were not tried (--offline)")


def _problem(each: Reached) -> Finding:
    text, advice = _PROBLEMS.get(each.problem, _PROBLEMS["other"])
    said = {"host": each.host, "said": each.said, "proxy": each.proxy}
    return error(f"{each.provider}: {text.format(**said)}", advice)


CHECK = Check("providers", "providers and the way to them", _look)

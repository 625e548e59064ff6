"""A try of a target told: how it went, how fast, and what mends it; for the command and for the web UI."""

from typing import Any

from ccr.routing.catalog import ConfiguredProvider
from ccr.routing.plan import Plan
from ccr.upstream.advice import mend
from ccr.upstream.probe import Probed


def not_tried(made: Plan, provider: ConfiguredProvider) -> str:
    """Why nothing could be sent."""
    if provider.auth.scheme == "client":
        also = f", or set {provider.auth.variables[0]}" if provider.auth.variables else ""
        return f"its requests carry the login that Claude Code brings, and a test has none: try it from there{also}"
    return next((skip.why for skip in made.skipped), "nothing can be sent to it")


def as_json(probed: Probed, provider: ConfiguredProvider) -> dict[str, Any]:
    """Seconds, tokens; null where something is not known. `mend`: what to do, null if all is well."""
    kind = probed.kind
    return {
        "ok": kind is None and probed.outcome == "ok",
        "target": probed.target,
        "outcome": probed.outcome,
        "status": probed.status or None,
        "message": probed.message or None,
        "first_byte": probed.first_byte,
        "seconds": probed.seconds,
        "tokens": {"input": probed.usage.prompt, "output": probed.usage.output},
        "text": probed.text,
        "mend": mend(kind, provider, probed.message) if kind is not None else None,
        "attempts": [
            {"key": each.key or None, "outcome": each.outcome, "status": each.status or None, "message": each.message}
            for each in probed.attempts
        ],
    }

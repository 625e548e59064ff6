"""Which conversation a request belongs to, where it takes place, and what answered it last."""

from urllib.parse import unquote

from ccr.facts.attribute import Attribute, from_state
from ccr.facts.inputs import Inputs
from ccr.facts.paths import normal_path, told_directory
from ccr.facts.walk import walk
from ccr.lang.environment import AttributeDecl, Cost
from ccr.lang.types import DURATION, INT, PATH, STRING
from ccr.lang.values import Reading, Unknown
from ccr.messages.session import session_of

_ENCODED = "UTF-8''"


def _project(inputs: Inputs) -> Reading:
    """The header, else the prompt, else what this session was known by before, else its file on disk, which is asked for
    by whoever needs it (amendments C.9)."""
    told = _decoded(inputs.request.header("x-ccr-project").strip())
    if told:
        return normal_path(told)
    remembered = inputs.state.values.get("project", "")
    known = told_directory(walk(inputs)) or (remembered if isinstance(remembered, str) else "")
    return known or (Unknown("project") if inputs.local and session_of(inputs.request) else "")


def _repo(inputs: Inputs) -> Reading:
    """The header; else the git of the project, if that can be one of this machine (amendments C.7)."""
    told = inputs.request.header("x-ccr-repo").strip()
    return told or (Unknown("repo") if inputs.local and _project(inputs) else "")


def _decoded(value: str) -> str:
    """Headers are ASCII and folders are not: `ccr code` sends those percent-encoded behind a mark (RFC 8187)."""
    return unquote(value.removeprefix(_ENCODED), errors="replace") if value.startswith(_ENCODED) else value


ATTRIBUTES = (
    Attribute(
        AttributeDecl("session", STRING, 'Id of the Claude Code session; "" if none is told.', 'session != ""'),
        lambda inputs: session_of(inputs.request),
    ),
    Attribute(
        AttributeDecl(
            "project",
            PATH,
            "The working directory: from the header x-ccr-project, else from the prompt, else what this session told "
            "before, else, for clients of this machine and if a rule asks, from the session's file on disk. `~` is the home "
            "directory.",
            'project in "~/work/acme"',
            Cost.SCAN,
        ),
        _project,
    ),
    Attribute(
        AttributeDecl(
            "repo",
            STRING,
            "The repository, such as github.com/acme/payments: from the header x-ccr-repo, else, for clients of this machine "
            "and if a rule asks, the remote `origin` of the project's git.",
            'repo ~ "github.com/acme/"',
        ),
        _repo,
    ),
    from_state(
        AttributeDecl(
            "last.model",
            STRING,
            "The target that answered this session, and this agent of it, last: provider/model.",
            "last.model ~ gemini-2.5-pro",
            Cost.STATE,
        )
    ),
    from_state(
        AttributeDecl(
            "last.provider", STRING, "The provider that answered last.", "last.provider == anthropic", Cost.STATE
        )
    ),
    from_state(
        AttributeDecl(
            "last.tokens",
            INT,
            "Prompt tokens the last answer reported, cached ones included; 0 if nothing answered yet.",
            "last.tokens > 100k",
            Cost.STATE,
        )
    ),
    from_state(
        AttributeDecl(
            "last.age", DURATION, "Time since the last answer; 0 if there was none.", "last.age < 5m", Cost.STATE
        )
    ),
    from_state(
        AttributeDecl(
            "last.cached", INT, "Prompt tokens the last answer read from a cache.", "last.cached > 20k", Cost.STATE
        )
    ),
)

"""Start the proxy in the foreground.

Reads config.json and the rules of the ccr home (or of DIR), listens, and with --watch takes every change of them while
it runs. A file that does not load keeps it from starting; later, the last good rules stay in force.
"""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import click
from msgspec import structs

from ccr import __version__, bundled
from ccr.app import Application, build, first_look
from ccr.cli import crew, report, terminal
from ccr.config.variables import HOST, PORT
from ccr.daemon import service
from ccr.daemon.log import log_file
from ccr.daemon.ports import PortTaken, bind
from ccr.daemon.processes import born
from ccr.daemon.workers import Post, can_fork
from ccr.diagnostics.diagnostic import unseen
from ccr.diagnostics.render_text import render
from ccr.live.files import layer_files, read_sources
from ccr.live.live import Change, Live
from ccr.live.paths import Places, places, shown
from ccr.live.surroundings import look
from ccr.live.watch import watch
from ccr.memory.choice import missing, open_memory
from ccr.observe.board import Board
from ccr.observe.metrics import Place
from ccr.proxy.oldport import lead
from ccr.proxy.server import Background, run
from ccr.proxy.tls import BadCertificate, Certificate
from ccr.routing.server import is_address, is_loopback
from ccr.routing.settings import Settings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.usage.entry import Entry

_PATH = click.Path(path_type=Path)
Flags = Callable[[Settings], Settings]


@click.command(epilog="Example: ccr serve --watch --port 3456")
@click.argument("directory", required=False, type=_PATH)
@click.option("--rules", type=_PATH, help="Folder or file of the user layer (default: rules/ in the ccr home).")
@click.option("--config", type=_PATH, help="Another config.json.")
@click.option("--policy", type=_PATH, help="Folder of the policy layer, stronger than everything else.")
@click.option("--host", help="Address to listen on (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (default: 3456).")
@click.option("--watch", "watching", is_flag=True, help="Reload when a source changes.")
@click.option("--dry-run", is_flag=True, help="Call no provider: answer with what was decided and why.")
@click.option("--quiet", is_flag=True, help="No line for each request.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, metavar="N", help="Serve with N processes (default: 1)."
)
@click.option("--kept-by", default=service.TERMINAL, hidden=True, help="Who started it: start, code or a terminal.")
def command(
    directory: Path | None,
    rules: Path | None,
    config: Path | None,
    policy: Path | None,
    host: str | None,
    port: int | None,
    watching: bool,
    dry_run: bool,
    quiet: bool,
    workers: int,
    kept_by: str,
) -> None:
    """Start the proxy in the foreground."""
    report.prepare()
    _workers_can_be(workers)
    _named_paths_exist(directory, rules, config, policy)
    where = places(config, directory or rules, policy)
    live = _first(where)
    flags = _flags(_said_host(host, live.current.settings), _said_port(port))
    settings = flags(live.current.settings)
    _refuse_open_door(settings, host)
    if why := missing(settings.state):
        raise click.UsageError(why)
    certificate = _certificate(settings, where)
    listener = _bound(settings)
    scheme = "http" if certificate is None else "https"
    address = f"{scheme}://{settings.host}:{listener.getsockname()[1]}"
    _hint_at_unread_rules(where)
    tell, board = _teller(where, kept_by, quiet), Board(workers) if workers > 1 else None

    def serve(
        post: Post | None,
        state: Path | None,
        told: crew.Tell,
        started: Callable[[], None],
        waits: Callable[[int], None],
    ) -> None:
        def application() -> Application:
            memory = open_memory(settings.state, state, partial(_notify, live))
            now = partial(_in_force, live, flags)
            pinned = _pinned(board, post)
            return build(live, vocabulary(), now, tell, dry_run=dry_run, memory=memory, crew=told, place=pinned)

        old, taken = _old_port(settings, address), listener if post is None else post.listener
        beside = partial(_backgrounds, live=live, watching=watching, post=post, certificate=certificate, old=old)
        run(application, taken, beside, started, certificate, waits)

    def banner() -> str:
        return terminal.banner(live.current, address, watching, workers)

    port = listener.getsockname()[1]
    with service.registered(where.home, _registration(live, settings, port, kept_by, scheme)):
        if workers > 1:
            told = partial(_tell_reload, started=settings, flags=flags, say=terminal.say_now)
            with crew.state_file(where.home, port) as state:
                sys.exit(crew.hold(workers, listener, live, partial(serve, state=state), banner, told))
        live.listen(partial(_tell_reload, started=settings, flags=flags, say=terminal.say))
        live.notices.append(terminal.noticed)
        serve(None, None, dict, lambda: terminal.say(banner()), lambda count: terminal.say(terminal.waiting(count)))


def _bound(settings: Settings) -> socket.socket:
    """The socket that is listened on."""
    try:
        return bind(settings.host, settings.port)
    except PortTaken as taken:
        raise click.ClickException(str(taken)) from None


def _teller(where: Places, kept_by: str, quiet: bool) -> Callable[[Entry], None]:
    """Who says a line for each request; in the background, into a file."""
    if kept_by != service.TERMINAL:
        terminal.into(log_file(where.home))
    return _silent if quiet else terminal.tell


def _pinned(board: Board | None, post: Post | None) -> Place | None:
    """Where a worker pins up what it has counted."""
    return Place(board, post.number) if board is not None and post is not None else None


def _registration(live: Live, settings: Settings, port: int, kept_by: str, scheme: str) -> service.Running:
    """What other commands may know of this service."""
    background = kept_by != service.TERMINAL
    return service.Running(
        pid=os.getpid(),
        born=born(os.getpid()),
        host=settings.host,
        port=port,
        scheme=scheme,
        version=__version__,
        snapshot=live.current.id,
        since=time.time(),
        kept_by=kept_by,
        arguments=tuple(service.arguments_of(sys.argv)),
        log=str(log_file(live.places.home)) if background else "",
    )


def _first(where: Places) -> Live:
    """The world as it is at the start, or the findings that keep it from being."""
    words = vocabulary()
    discovered = first_look(words)
    loaded = load(read_sources(where), look(where.home, discovered), words, proofs=False)
    if loaded.diagnostics:
        click.echo(render(loaded.diagnostics, colour=sys.stderr.isatty()), err=True)
    if loaded.snapshot is None:
        raise click.ClickException("not started: mend what is said above (nothing was changed)")
    return Live(where, words, loaded.snapshot, discovered)


def _flags(host: str | None, port: int | None) -> Flags:
    said = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    return lambda settings: structs.replace(settings, **said)


def _certificate(settings: Settings, where: Places) -> Certificate | None:
    """What TLS is spoken with; None where the proxy does not."""
    if not settings.tls_cert and not settings.tls_key:
        return None
    if not (settings.tls_cert and settings.tls_key):
        raise click.ClickException("`tls_cert` and `tls_key` belong together: one of them is not set")
    files = (where.home / Path(name).expanduser() for name in (settings.tls_cert, settings.tls_key))
    try:
        return Certificate(*files)
    except BadCertificate as error:
        raise click.ClickException(str(error)) from None


def _in_force(live: Live, flags: Flags) -> Settings:
    return flags(live.current.settings)


def _said_host(flag: str | None, settings: Settings) -> str | None:
    """The flag, else the variable HOST (rulings R15), which like the one of config.json opens no door without a key. A
    name that is no address is not meant for us: some shells keep the machine's own there."""
    said = os.environ.get(HOST, "")
    if flag or not is_address(said):
        return flag
    if is_loopback(said) or settings.api_key is not None or settings.users:
        return said
    click.echo(
        f"HOST={said} would let everybody on the network use your keys; without a key ccr stays on 127.0.0.1", err=True
    )
    return None


def _said_port(flag: int | None) -> int | None:
    said = os.environ.get(PORT, "")
    if flag is not None or not said:
        return flag
    if not said.isdecimal() or int(said) > 65_535:
        raise click.UsageError(f"the variable PORT is no port: {said!r}")
    return int(said)


def _refuse_open_door(settings: Settings, flag: str | None) -> None:
    """Listening for other machines without a key would let anybody spend this person's money (acceptance N1)."""
    if flag and not is_loopback(settings.host) and settings.api_key is None and not settings.users:
        raise click.UsageError(
            f"--host {flag} would let everybody on the network use your keys; set a key first: "
            '"APIKEY" in config.json, or `server { key = env.CCR_KEY }` in a rule file'
        )


def _named_paths_exist(*paths: Path | None) -> None:
    for path in paths:
        if path is not None and not path.exists():
            raise click.UsageError(f"{path} does not exist (looked at {path.absolute()})")


def _workers_can_be(count: int) -> None:
    if count > 1 and not can_fork():
        raise click.UsageError("--workers is not available on Windows: it has no processes that share what was loaded")


def _notify(live: Live, line: str) -> None:
    for tell in live.notices:
        tell(line)


def _hint_at_unread_rules(where: Places) -> None:
    """A cloned repository must not become somebody's rules, but silence would puzzle (amendments S23)."""
    beside = Path("rules")
    files = layer_files(beside)
    ours = beside.resolve() in (where.rules.resolve(), bundled.folder("rules").resolve())
    if files and not ours:
        count = f"{len(files)} file" + ("s" if len(files) > 1 else "")
        click.echo(
            f"not loaded: ./rules ({count}); ccr serve rules/ --watch loads them; read now: {shown(where.rules)}",
            err=True,
        )


def _old_port(settings: Settings, address: str) -> Background | None:
    """Where the web UI used to be leads to where it is; not for a service on whatever port was free."""
    if not settings.ui_port or settings.port in (0, settings.ui_port):
        return None
    return partial(lead, settings.ui_port, f"{address}/ui")


def _backgrounds(
    app: Application,
    live: Live,
    watching: bool,
    post: Post | None,
    certificate: Certificate | None,
    old: Background | None,
) -> Sequence[Background]:
    """What runs beside the server. Of several workers the first says what proofs found."""

    async def watch_sources() -> None:
        await watch(lambda: live.watched, live.reload)

    async def prove() -> None:
        known = live.current.findings
        proved = unseen(await live.prove(), known)
        if proved and not live.is_stale and (post is None or post.number == 1):
            click.echo(render(proved, colour=sys.stderr.isatty()), err=True)

    loop = asyncio.get_running_loop()
    if hasattr(signal, "SIGHUP"):
        loop.add_signal_handler(signal.SIGHUP, lambda: asyncio.ensure_future(live.reload()))
    sometimes = (
        old if post is None or post.number == 1 else None,
        watch_sources if watching else None,
        crew.orphaned(post) if post is not None else None,
        partial(certificate.keep, partial(_notify, live)) if certificate is not None else None,
    )
    return [app.warm, app.discovery, app.keep, prove, *(each for each in sometimes if each is not None)]


def _tell_reload(change: Change, started: Settings, flags: Flags, say: terminal.Say) -> None:
    say(terminal.reloaded(change), "error" if change.failure is not None else "info")
    now = flags(change.snapshot.settings)
    if (now.host, now.port) != (started.host, started.port):
        say(f"host and port change at the next start: {now.host}:{now.port}", "warning")
    for name in ("state", "tls_cert", "tls_key"):
        if getattr(now, name) != getattr(started, name):
            say(f"`{name}` changes at the next start", "warning")


def _silent(_: Entry) -> None:
    pass

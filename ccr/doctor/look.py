"""Looks at this machine for the checks: files, variables, programs, the service, and, if wanted, the way to providers.

The only place of the doctor that reads anything, beside `reach.py`. What is secret stays here: a key becomes its shape, an
address loses its password.
"""

import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from ccr import __version__
from ccr.config.terminal import read_terminal
from ccr.daemon import neighbours, records, service
from ccr.daemon.ask import ask
from ccr.daemon.ports import holder
from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.render_text import render
from ccr.doctor.machine import Clash, Executable, File, Key, Machine, Named, Rules, Served, Shape, shape
from ccr.doctor.reach import reach
from ccr.launcher.environment import API_KEY, BASE_URL, TOKEN
from ccr.launcher.executables import found, with_version
from ccr.launcher.login import logged_in
from ccr.launcher.settings import clashes, settings_files
from ccr.live.credentials import Broken, stored, stored_or_none
from ccr.live.files import SHIPPED, read_sources
from ccr.live.paths import Places, shown
from ccr.live.surroundings import look as look_around
from ccr.routing.catalog import ConfiguredProvider
from ccr.routing.plan import KeyUse
from ccr.routing.settings import Settings
from ccr.routing.snapshot import Loaded, Snapshot
from ccr.routing.surroundings import Sources
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.upstream.advice import bare
from ccr.upstream.proxies import from_environment, proxy_for
from ccr.upstream.signing import sign

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
_PLAIN = (
    "NO_PROXY", "no_proxy", "NODE_TLS_REJECT_UNAUTHORIZED", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS",
    "CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY", "ANTHROPIC_MODEL",
    "CLAUDE_CODE_SUBAGENT_MODEL", "DISABLE_TELEMETRY", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
)  # fmt: skip
_ADDRESSES = (*_PROXIES, BASE_URL)
_SECRET = (TOKEN, API_KEY)
_FILES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE")
_MENTIONED = re.compile(r"\benv\.([A-Za-z_]\w*(?:KEY|TOKEN|SECRET)\w*)|\$\{?([A-Za-z_]\w*(?:KEY|TOKEN|SECRET)\w*)")
_KEPT = ("config.json", "config*.json.bak", "*.backup*", "keys.json", "users.ccr", "run/*.json")
_KEYLESS = ("none", "client", "google")


def look(where: Places, *, offline: bool = False, ticking: Callable[[], None] = lambda: None) -> Machine:
    """The machine as it is now. `offline`: no provider is tried. `ticking` is called while that lasts."""
    environment = os.environ
    sources = read_sources(where)
    loaded = load(sources, look_around(where.home, {}), vocabulary(), proofs=False)
    snapshot = loaded.snapshot
    settings = snapshot.settings if snapshot is not None else Settings()
    there = service.running(where.home)
    with ThreadPoolExecutor(8) as aside:
        claude = aside.submit(_claude, where.home, environment, settings)
        tries = [] if offline or snapshot is None else [
            aside.submit(reach, name, url, proxy) for name, url, proxy in _hosts(snapshot, environment)
        ]  # fmt: skip
        running: list[Future[Any]] = [claude, *tries]
        while wait(running, timeout=0.1).not_done:
            ticking()
        reached = tuple(each.result() for each in tries)
    url = there.url if there is not None else f"http://127.0.0.1:{settings.port}"
    return Machine(
        system=sys.platform,
        version=__version__,
        python=(sys.version_info.major, sys.version_info.minor),
        wsl="microsoft" in platform.release().lower(),
        variables=_variables(environment),
        home=shown(where.home),
        home_exists=where.home.is_dir(),
        home_problem=_home_problem(where.home),
        free=_free(where.home),
        files=tuple(_files(where.home)),
        missing_files=_missing(environment),
        host=settings.host,
        port=settings.port,
        held_by="" if there is not None else holder(settings.host, settings.port),
        service=_service(there, settings) if there is not None else None,
        stale=tuple(shown(path) for path in records.stale(where.home)),
        npm_pid=neighbours.npm_pid(where.home),
        commands=tuple(
            Named(each.path, each.npm, each.ours) for each in neighbours.commands(environment.get("PATH", ""))
        ),
        keys=tuple(_keys(snapshot, sources, environment, where.home)),
        broken_keys=_broken(where.home),
        claude=claude.result(),
        login=logged_in(environment),
        clashes=_clashes(environment, url),
        rules=_rules(where, sources, loaded),
        reached=reached,
        asked=not offline,
    )


# ---- variables and keys -----------------------------------------------------------------------------------------------


def _variables(environment: Mapping[str, str]) -> dict[str, str]:
    said = {name: environment[name] for name in _PLAIN if name in environment}
    said |= {name: bare(environment[name]) for name in _ADDRESSES if environment.get(name)}
    return said | {name: "(set)" for name in _SECRET if environment.get(name)}


def _missing(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: path for name in _FILES if (path := environment.get(name)) and not os.access(path, os.R_OK)}


def _keys(snapshot: Snapshot | None, sources: Sources, environment: Mapping[str, str], home: Path) -> Iterator[Key]:
    """Key variables that are set, by vendor; those that files mention; and providers that have none."""
    words = vocabulary()
    kept = stored_or_none(home)
    vendors = {name: vendor for vendor in words.providers for name in words.providers[vendor].auth.variables}
    for name, text in kept.items():
        yield Key(name, vendors.get(name, "your rules"), f"{name} in keys.json", shape(text))
    seen = set(kept)
    for provider in words.providers:
        for name in words.providers[provider].auth.variables:
            if name in environment and name not in seen:
                seen.add(name)
                yield Key(name, provider, f"the variable {name}", shape(environment[name]))
    for file in sources.files:
        for named in _MENTIONED.findall(file.text or ""):
            name = named[0] or named[1]
            if name in environment and name not in seen:
                seen.add(name)
                yield Key(name, file.name, f"the variable {name}", shape(environment[name]))
    for each in snapshot.catalog.providers.values() if snapshot is not None else ():
        if not any(each.keys) and each.auth.scheme not in _KEYLESS and not _is_local(each):
            yield Key((*each.auth.variables, "NAME")[0], each.name, "", Shape())


def _broken(home: Path) -> str:
    try:
        stored(home)
    except Broken as why:
        return str(why)
    return ""


def _is_local(provider: ConfiguredProvider) -> bool:
    return provider.spec is not None and provider.spec.local


def _hosts(snapshot: Snapshot, environment: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Provider, address and outbound proxy of those that are asked: one try for each host."""
    proxies = from_environment(environment, snapshot.settings.proxy_url)
    seen = set()
    for each in snapshot.catalog.configured:
        asked = (
            any(each.keys) or each.auth.scheme == "none" or (each.auth.scheme == "client" and logged_in(environment))
        )
        host = each.url.split("/")[2] if each.url.count("/") >= 2 else ""
        if asked and host and "{" not in each.url and host not in seen:
            seen.add(host)
            yield each.name, each.url, proxy_for(each.url, each.proxy, proxies)


# ---- files ------------------------------------------------------------------------------------------------------------


def _files(home: Path) -> Iterator[File]:
    for pattern in _KEPT:
        for path in sorted(home.glob(pattern)):
            status = path.stat()
            if sys.platform == "win32":
                yield File(shown(path))
            else:
                yield File(shown(path), status.st_mode & 0o777, status.st_uid == os.getuid())


def _home_problem(home: Path) -> str:
    """Why nothing could be written there; "" if it could."""
    if not home.is_dir():
        above = next(each for each in home.parents if each.exists())
        return "" if os.access(above, os.W_OK) else f"{shown(above)} belongs to somebody else"
    try:
        handle, name = tempfile.mkstemp(dir=home, prefix=".ccr-doctor.")
        try:
            os.write(handle, b"x" * 4096)
        finally:
            os.close(handle)
            os.unlink(name)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _free(home: Path) -> int | None:
    try:
        return shutil.disk_usage(next(each for each in (home, *home.parents) if each.exists())).free
    except OSError:
        return None


def _rules(where: Places, sources: Sources, loaded: Loaded) -> Rules:
    findings = loaded.diagnostics
    catalog = loaded.snapshot.catalog if loaded.snapshot is not None else None
    have = [each for each in catalog.configured if each.auth.scheme != "client"] if catalog is not None else []
    files = [file for layer in sources.layers for file in layer.files if not file.name.startswith(SHIPPED)]
    return Rules(
        loads=loaded.snapshot is not None,
        errors=_lines(findings, Severity.ERROR),
        warnings=_lines(findings, Severity.WARNING),
        providers=len(have),
        config=where.config.exists(),
        rule_files=len(files),
    )


def _lines(findings: tuple[Diagnostic, ...], level: Severity) -> tuple[str, ...]:
    return tuple(render([each], form="concise").strip() for each in findings if each.level is level)


# ---- programs ---------------------------------------------------------------------------------------------------------


def _claude(home: Path, environment: Mapping[str, str], settings: Settings) -> tuple[Executable, ...]:
    all_there = found(home, environment, read_terminal(settings.launcher).executable)
    known = (with_version(all_there[0]), *all_there[1:]) if all_there else ()
    return tuple(Executable(each.path, each.version, each.source, each.problem) for each in known)


def _clashes(environment: Mapping[str, str], url: str) -> tuple[Clash, ...]:
    found_there = clashes(settings_files(environment, Path.cwd()), {BASE_URL: url})
    return tuple(Clash(shown(Path(each.path)), each.name, each.managed) for each in found_there)


def _service(there: service.Running, settings: Settings) -> Served:
    key = dict(sign(KeyUse("x-api-key", settings.api_key), ())) if settings.api_key is not None else {}
    said = ask(there.host, there.port, "/health", key, scheme=there.scheme)
    return Served(there.pid, there.url, there.version, said is not None, (said or {}).get("rules") == "stale")

"""`deploy/kubernetes`: the manifests fit one another, and what they give ccr is what it reads. Two replicas are run here as
processes, with what the manifests say."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccr.config.keys import PASSWORD_VARIABLE
from ccr.daemon import records
from ccr.daemon.workers import GRACE_SECONDS
from ccr.live.files import read_layer
from ccr.memory.choice import SCHEMES
from ccr.routing.secret import Secret
from ccr.routing.settings import Settings
from ccr.routing.surroundings import Sources, Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.usage.opening import POSTGRES
from tests.deploy.test_container import entry, environment
from tests.fake_upstream import free_port
from tests.running import request
from tests.typed import can_be_typed
from tests.usage import servers

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
POLICY = FOLDER / "policy"


def documents(path: Path) -> list[dict[str, Any]]:
    return [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]


KUSTOMIZATION = documents(FOLDER / "kustomization.yaml")[0]
OBJECTS = [each for name in KUSTOMIZATION["resources"] for each in documents(FOLDER / name)]
SECRETS = [line.partition("=")[0] for line in (FOLDER / "secret.env.example").read_text().splitlines()]


def of_kind(*kinds: str) -> list[dict[str, Any]]:
    return [each for each in OBJECTS if each["kind"] in kinds]


def gateway() -> dict[str, Any]:
    (found,) = [each for each in of_kind("Deployment") if each["metadata"]["name"] == "ccr"]
    spec: dict[str, Any] = found["spec"]
    return spec


def container() -> dict[str, Any]:
    (found,) = gateway()["template"]["spec"]["containers"]
    assert isinstance(found, dict)
    return found


def values() -> dict[str, str]:
    """The environment of a replica, with each secret's own name as its value; made in the order in which Kubernetes does."""
    known = dict.fromkeys(SECRETS, "")
    known |= {name: name.lower() for name in SECRETS}
    made: dict[str, str] = {}
    for each in container()["env"]:
        text = each.get("value") or known[each["valueFrom"]["secretKeyRef"]["key"]]
        made[each["name"]] = re.sub(r"\$\((\w+)\)", lambda match: made[match[1]], text)
    return {**known, **made}


# ---- the manifests among themselves ---------------------------------------------------------------------------------------------


def test_every_file_is_applied_and_there() -> None:
    assert sorted(KUSTOMIZATION["resources"]) == sorted(
        each.name for each in FOLDER.glob("*.yaml") if each.name != "kustomization.yaml"
    )
    (map,) = KUSTOMIZATION["configMapGenerator"]
    assert sorted(map["files"]) == sorted(f"policy/{each.name}" for each in POLICY.iterdir())
    (secret,) = KUSTOMIZATION["secretGenerator"]
    assert [f"{name}.example" for name in secret["envs"]] == ["secret.env.example"]
    mounted = {each["configMap"]["name"] for each in gateway()["template"]["spec"]["volumes"] if "configMap" in each}
    assert mounted == {map["name"]}


def test_selectors_find_their_pods_and_services_their_ports() -> None:
    pods = {each["metadata"]["name"]: each["spec"]["template"] for each in of_kind("Deployment", "StatefulSet")}
    for each in of_kind("Deployment", "StatefulSet"):
        assert each["spec"]["selector"]["matchLabels"] == each["spec"]["template"]["metadata"]["labels"]
    for each in of_kind("Service"):
        pod = pods[each["spec"]["selector"]["app.kubernetes.io/name"]]
        ports = {port["name"]: port["containerPort"] for port in pod["spec"]["containers"][0]["ports"]}
        assert all(ports[port["targetPort"]] == port["port"] for port in each["spec"]["ports"])


def test_every_secret_that_is_used_is_in_the_example() -> None:
    used = {
        entry["valueFrom"]["secretKeyRef"]["key"]
        for each in of_kind("Deployment", "StatefulSet")
        for entry in each["spec"]["template"]["spec"]["containers"][0].get("env", ())
        if "valueFrom" in entry
    }
    assert used <= set(SECRETS)


def test_nobody_is_root_and_nothing_can_be_gained() -> None:
    for each in of_kind("Deployment", "StatefulSet"):
        pod = each["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True and pod["automountServiceAccountToken"] is False
        limits = pod["containers"][0]["securityContext"]
        assert limits["allowPrivilegeEscalation"] is False and limits["capabilities"] == {"drop": ["ALL"]}
    assert container()["securityContext"]["readOnlyRootFilesystem"] is True


# ---- what ccr reads of them -------------------------------------------------------------------------------------------------------


def test_a_replica_runs_what_can_be_run() -> None:
    can_be_typed(" ".join(["ccr", *container()["args"]]))
    assert entry()[0] == "ccr", "the image's entry point, to which the arguments go"
    assert container()["ports"][0]["containerPort"] == Settings().port
    assert gateway()["template"]["spec"]["terminationGracePeriodSeconds"] > GRACE_SECONDS
    places = {each["mountPath"] for each in container()["volumeMounts"]}
    assert places == {"/etc/ccr", "/data", "/tmp"}


def test_every_variable_is_read_by_somebody() -> None:
    words = vocabulary()
    keys = {name for provider in words.providers for name in words.providers[provider].auth.variables}
    asked = set(re.findall(r"env\.(\w+)", "".join(each.read_text() for each in POLICY.iterdir())))
    inside = set(re.findall(r"\$\((\w+)\)", (FOLDER / "deployment.yaml").read_text()))
    assert set(values()) <= keys | asked | inside | {PASSWORD_VARIABLE}
    assert asked <= set(values())


def test_the_settings_are_those_of_the_manifests() -> None:
    layer = read_layer("policy", sorted(POLICY.iterdir()))
    loaded = load(Sources((layer,)), Surroundings({k: Secret(v) for k, v in values().items()}), vocabulary())
    assert loaded.snapshot is not None
    assert not loaded.diagnostics, [each.message for each in loaded.diagnostics]
    settings = loaded.snapshot.settings
    assert settings.api_key is not None and settings.api_key.matches("ccr_key")
    assert settings.state == "redis://:redis_password@ccr-redis:6379/0" and settings.state.startswith(SCHEMES)
    assert settings.store == "postgresql://ccr:postgres_password@ccr-postgres:5432/ccr"
    assert settings.store.startswith(POSTGRES)
    services = {each["metadata"]["name"]: each["spec"]["ports"][0]["port"] for each in of_kind("Service")}
    assert services == {"ccr": Settings().port, "ccr-redis": 6379, "ccr-postgres": 5432}
    assert f"ccr.{KUSTOMIZATION['namespace']}.svc.cluster.local" in settings.hosts
    database = next(each for each in of_kind("StatefulSet"))["spec"]["template"]["spec"]["containers"][0]["env"]
    assert {each["name"]: each.get("value") for each in database}["POSTGRES_USER"] == "ccr"


# ---- two replicas -------------------------------------------------------------------------------------------------------------------


@contextmanager
def replica(place: Path, policy: Path, **variables: str) -> Iterator[int]:
    """A process with a replica's arguments. Stores are only where `variables` name them."""
    place.mkdir()
    words = [sys.executable, "-m", "ccr", *container()["args"], "--port", "0", "--policy", str(policy)]
    process = subprocess.Popen(
        words,
        env=environment(place, CCR_KEY="k", **variables),
        cwd=place,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 20
        while not (there := records.alive(place)) and time.monotonic() < until:
            time.sleep(0.05)
        yield there[0].port
    finally:
        process.terminate()
        process.wait(25)


def probe(port: int, key: str = "") -> dict[str, Any]:
    """What a kubelet asks: by the address of the pod, not by a name."""
    path = container()["readinessProbe"]["httpGet"]["path"]
    until = time.monotonic() + 10
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request(
                "GET", path, headers={"host": f"10.42.0.17:{port}", **({"x-ccr-key": key} if key else {})}
            )
            answer = connection.getresponse()
            assert answer.status == 200
            told: dict[str, Any] = json.loads(answer.read())
            return told
        except ConnectionError:
            assert time.monotonic() < until, "it does not answer"
            time.sleep(0.05)
        finally:
            connection.close()


def test_replicas_are_ready_and_say_whether_they_run_the_same_rules(tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    shutil.copytree(POLICY, policy)
    with ExitStack() as running:
        ports = [running.enter_context(replica(tmp_path / name, policy)) for name in ("a", "b")]
        with (policy / "30-routes.ccr").open("a") as file:
            file.write("when pdf route openrouter/google/gemini-2.5-flash\n")
        ports.append(running.enter_context(replica(tmp_path / "c", policy)))
        assert probe(ports[0])["status"] == "ok" and "snapshot" not in probe(ports[0])
        first, second, third = (probe(port, "k")["snapshot"] for port in ports)
    assert first == second != third


@contextmanager
def redis() -> Iterator[str]:
    """The Redis of the manifests, by its own arguments; its address."""
    (spec,) = [each["spec"] for each in of_kind("Deployment") if each["metadata"]["name"] == "ccr-redis"]
    words = [word.replace("$(REDIS_PASSWORD)", "pw") for word in spec["template"]["spec"]["containers"][0]["args"]]
    port = free_port()
    server = subprocess.Popen(["redis-server", "--port", str(port), *words], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://:pw@127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(20)


def ask(port: int) -> int:
    """A small request with the key; its status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(
        "POST", "/v1/messages", json.dumps(request()), {"x-ccr-key": "k", "content-type": "application/json"}
    )
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
@pytest.mark.skipif(bool(servers.missing()), reason=servers.missing() or "-")
def test_what_two_replicas_did_is_in_one_log(tmp_path: Path) -> None:
    """And the Redis takes what the manifest gives it."""
    policy = tmp_path / "policy"
    shutil.copytree(POLICY, policy)
    routes = policy / "30-routes.ccr"
    routes.write_text(re.sub(r"openrouter/\S+", "demo/m", routes.read_text()))
    with servers.postgres() as folder, redis() as state, ExitStack() as running:
        shared = {"CCR_STATE_URL": state, "CCR_LOG_URL": servers.create(folder, "ccr")}
        ports = [running.enter_context(replica(tmp_path / name, policy, **shared)) for name in ("a", "b")]
        for port in ports:
            probe(port)
            assert ask(port) == 200
        running.close()  # what they still hold is written when they end
        words = [sys.executable, "-m", "ccr", "usage", "--json"]
        place = tmp_path / "a"
        shutil.copytree(policy, place / "rules")
        done = subprocess.run(
            words,
            env=environment(place, CCR_KEY="k", **shared),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["total"]["requests"] == 2


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on this machine")
def test_kustomize_builds_it(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "k")
    shutil.copy(FOLDER / "secret.env.example", tmp_path / "k" / "secret.env")
    done = subprocess.run(
        ["kubectl", "kustomize", tmp_path / "k"], capture_output=True, text=True, timeout=30, check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

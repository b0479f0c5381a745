"""The files in `deploy/`: valid by the schemas of those who read them, hardened, and in step with what Preship has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from preship.bot.settings import Settings
from preship.bot.web.metrics import Measured, Metrics

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
KUSTOMIZATION = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
UNITS = ("preship.service", "preship-worker.service")
OURS = ("web", "worker")


def objects() -> Iterator[dict[str, Any]]:
    for name in KUSTOMIZATION["resources"]:
        yield from yaml.safe_load_all((KUBERNETES / name).read_text())


def pods() -> Iterator[dict[str, Any]]:
    for each in objects():
        if each["kind"] in ("Deployment", "Job"):
            yield each["spec"]["template"]["spec"]


def test_the_kustomization_names_every_file_beside_it():
    assert {*KUSTOMIZATION["resources"], "kustomization.yaml"} == {path.name for path in KUBERNETES.iterdir()}


@pytest.mark.parametrize("each", objects(), ids=lambda each: f"{each['kind']}-{each['metadata']['name']}")
def test_every_object_is_valid_by_kubernetes_own_schema(each: dict[str, Any]):
    kubernetes_validate.validate(each, "1.37", strict=True)


def test_every_pod_keeps_the_restricted_profile_and_writes_where_it_has_to_alone():
    for pod in pods():
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/tmp", "/var/lib/preship"}
            assert container["resources"]["limits"]["memory"]


def test_a_pod_is_sent_deliveries_while_no_worker_lives():
    [web] = [each for each in objects() if (each["kind"], each["metadata"]["name"]) == ("Deployment", "preship-web")]
    [container] = web["spec"]["template"]["spec"]["containers"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/intakez"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"


def test_budgets_and_policies_select_pods_that_there_are():
    labels = [
        each["spec"]["template"]["metadata"]["labels"] for each in objects() if each["kind"] in ("Deployment", "Job")
    ]
    for each in objects():
        spec = each.get("spec", {})
        wanted = {
            "PodDisruptionBudget": lambda spec: spec["selector"]["matchLabels"],
            "NetworkPolicy": lambda spec: spec["podSelector"]["matchLabels"],
            "Service": lambda spec: spec["selector"],
        }.get(each["kind"])
        if wanted is not None:
            assert any(wanted(spec).items() <= found.items() for found in labels), each["metadata"]["name"]


@pytest.mark.parametrize("name", ["proxy", "web", "worker", "database"])
def test_every_service_of_compose_is_read_only_without_capabilities(name: str):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in service
    assert "privileged" not in service


@pytest.mark.parametrize("name", OURS)
def test_compose_passes_every_setting_on(name: str):
    assert COMPOSE["services"][name]["env_file"] == [{"path": ".env", "required": False}]


def test_every_variable_that_is_set_is_one_that_is_read():
    known = {field.alias or f"PRESHIP_{name.upper()}" for name, field in Settings.model_fields.items()}
    text = "".join(path.read_text() for path in DEPLOY.rglob("*") if path.is_file() and path.parent.name != "action")
    named = set(re.findall(r"\b(?:PRESHIP_[A-Z_]+[A-Z]|DATABASE_URL)\b", text))
    assert {"PRESHIP_WORKER", "PRESHIP_METRICS_PORT"} <= named
    assert named <= known


@pytest.mark.parametrize("name", ["Dockerfile", "Proxy.Dockerfile"])
def test_containers_run_as_a_number_that_is_not_root_and_say_how_they_are(name: str):
    text = (DEPLOY / name).read_text()
    users = re.findall(r"^USER (.+)$", text, re.MULTILINE)
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[-1])
    assert "HEALTHCHECK" in text


def test_the_user_of_the_container_has_a_name_without_which_postgres_does_not_begin():
    text = (DEPLOY / "Dockerfile").read_text()
    [number] = re.findall(r"^USER (\d+):\d+$", text, re.MULTILINE)
    assert re.search(rf"^RUN useradd --uid {number} ", text, re.MULTILINE)


@pytest.mark.parametrize("name", UNITS)
def test_units_are_hardened(name: str):
    """`systemd-analyze security --offline=true` scores them at 1.4 with these."""
    lines = set((DEPLOY / name).read_text().splitlines())
    assert lines >= {
        "DynamicUser=yes",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "LockPersonality=yes",
        "MemoryDenyWriteExecute=yes",
        "PrivateDevices=yes",
        "PrivateTmp=yes",
        "PrivateUsers=yes",
        "ProtectClock=yes",
        "ProtectControlGroups=yes",
        "ProtectHome=yes",
        "ProtectHostname=yes",
        "ProtectKernelLogs=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelTunables=yes",
        "ProtectProc=invisible",
        "ProtectSystem=strict",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "RestrictNamespaces=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "SystemCallArchitectures=native",
        "SystemCallFilter=@system-service",
        "SystemCallFilter=~@privileged @obsolete",
        "UMask=0077",
    }


def figures() -> set[str]:
    """The names of all that Prometheus is shown, once each has been counted."""
    measured = Measured({"todo": 1}, ["workers"], {"rule": 1}, {"1": 1}, {"1": 1}, 1, 1)
    metrics = Metrics(lambda: measured)
    metrics.answered("push", 202)
    metrics.worked("done", 1)
    metrics.failed("push", "git")
    metrics.asked("ok")
    return set(re.findall(r"^(preship_\w+)", metrics.text().decode(), re.MULTILINE))


@pytest.mark.parametrize("name", ["alerts.yml", "grafana.json"])
def test_dashboard_and_alerts_ask_for_figures_that_there_are(name: str):
    named = set(re.findall(r"preship_\w+", (DEPLOY / name).read_text()))
    assert named
    assert named <= figures()


def test_the_dashboard_has_a_place_of_its_own_for_every_panel():
    panels = json.loads((DEPLOY / "grafana.json").read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels) > 10
    taken = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(set(taken)) == len(taken)
    assert max(x for x, _ in taken) < 24


def test_every_alert_says_what_is_wrong():
    for rule in yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"][0]["rules"]:
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("page", "ticket")

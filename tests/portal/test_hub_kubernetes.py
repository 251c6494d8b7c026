"""The values for Kubernetes say the same as the configuration that runs on one machine, in words the chart knows."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
from isoxa_grading.records.data_folder import DataFolder
from isoxa_portal.hub.configuration import SERVICE, TEMPLATES, configure, load_roles
from isoxa_portal.hub.service import hub_of_environment
from jupyterhub.app import JupyterHub
from jupyterhub.services.service import Service
from ruamel.yaml import YAML
from traitlets.config import Config

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "jupyterhub"


def closed(**known: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": known}


TEXT, FLAG, ANY = {"type": "string"}, {"type": "boolean"}, {"type": "object"}
IMAGE = closed(name=TEXT, tag=TEXT)
ROLE = closed(
    description=TEXT, scopes={"type": "array", "items": TEXT}, groups={"type": "array", "items": TEXT}
)
# The part of the chart's schema (4.x) that the values use, checked against the chart's own; it refuses unknown names.
CHART = closed(
    hub=closed(
        image=IMAGE,
        config={"type": "object", "additionalProperties": ANY},
        extraConfig={"type": "object", "additionalProperties": TEXT},
        loadRoles={"type": "object", "additionalProperties": ROLE},
        services={"type": "object", "additionalProperties": ANY},
        extraVolumes={"type": "array", "items": ANY},
        extraVolumeMounts={"type": "array", "items": ANY},
    ),
    singleuser=closed(
        image=IMAGE,
        cmd=TEXT,
        defaultUrl=TEXT,
        memory=closed(limit=TEXT, guarantee=TEXT),
        cpu=closed(limit={"type": "number"}),
        storage=closed(capacity=TEXT),
        lifecycleHooks=ANY,
    ),
    cull=closed(enabled=FLAG, timeout={"type": "integer"}),
    proxy=closed(
        https=closed(
            enabled=FLAG, hosts={"type": "array", "items": TEXT}, letsencrypt=closed(contactEmail=TEXT)
        )
    ),
)


def read(name: str) -> list[Any]:
    return list(YAML(typ="safe").load_all((FOLDER / name).read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    [found] = read("values.yaml")
    return dict(found)


@pytest.fixture(scope="module")
def portal() -> dict[str, Any]:
    return {one["kind"]: one for one in read("portal.yaml")}


@pytest.fixture
def local(tmp_path: Path) -> Any:
    data = DataFolder(tmp_path / "data")
    data.create()
    found = Config()
    configure(found, data.path)
    return found


def test_the_chart_knows_every_name(values: dict[str, Any]) -> None:
    jsonschema.validate(values, CHART)


def test_roles_are_those_of_one_machine(values: dict[str, Any]) -> None:
    roles = [{"name": name, **role} for name, role in values["hub"]["loadRoles"].items()]
    assert roles == load_roles()


def test_settings_are_those_of_one_machine(values: dict[str, Any], local: Any) -> None:
    hub = values["hub"]["config"]
    assert hub["JupyterHub"]["authenticator_class"] == local.JupyterHub.authenticator_class
    assert hub["JupyterHub"]["default_url"] == local.JupyterHub.default_url
    assert hub["JupyterHub"]["cookie_max_age_days"] == local.JupyterHub.cookie_max_age_days
    assert hub["IsoxaAuthenticator"]["portal_path"] == local.IsoxaAuthenticator.portal_path
    assert set(hub["JupyterHub"]) | {"template_paths", "load_roles", "services"} <= set(
        JupyterHub.class_traits()
    )
    module, name = hub["JupyterHub"]["authenticator_class"].rsplit(".", 1)
    assert set(hub["IsoxaAuthenticator"]) <= set(getattr(import_module(module), name).class_traits())
    settings = Config()
    for text in values["hub"]["extraConfig"].values():
        exec(compile(text, "extraConfig", "exec"), {"c": settings})  # noqa: S102  # our own file
    assert settings.JupyterHub.template_paths == local.JupyterHub.template_paths == [str(TEMPLATES)]


def test_the_service_is_the_portals_deployment(
    values: dict[str, Any], portal: dict[str, Any], local: Any
) -> None:
    service = values["hub"]["services"][SERVICE]
    assert set(service) <= set(Service.class_traits())
    [here] = local.JupyterHub.services
    assert service["oauth_no_confirm"] is here["oauth_no_confirm"] is True
    place, [port] = portal["Service"]["metadata"]["name"], portal["Service"]["spec"]["ports"]
    assert service["url"] == f"http://{place}:{port['port']}"
    pod = portal["Deployment"]["spec"]["template"]
    assert pod["metadata"]["labels"].items() >= portal["Service"]["spec"]["selector"].items()
    [container] = pod["spec"]["containers"]
    environment = {one["name"]: one.get("value", "from the secret") for one in container["env"]}
    hub = hub_of_environment(environment)
    assert (hub.base, hub.client_id) == (f"/services/{SERVICE}/", f"service-{SERVICE}")
    assert environment["JUPYTERHUB_SERVICE_URL"] == service["url"]
    [token] = [one["valueFrom"]["secretKeyRef"] for one in container["env"] if "valueFrom" in one]
    assert token == {"name": "hub", "key": f"hub.services.{SERVICE}.apiToken"}
    assert container["args"][:3] == ["isoxa", "serve", "--hub"]
    assert portal["Deployment"]["spec"]["replicas"] == 1
    assert portal["Deployment"]["spec"]["strategy"] == {"type": "Recreate"}


def test_a_lab_pod_opens_at_a_file_that_its_first_command_brings(
    values: dict[str, Any], tmp_path: Path
) -> None:
    program, option, code = values["singleuser"]["lifecycleHooks"]["postStart"]["exec"]["command"]
    assert (program, option) == ("python", "-c")
    from isoxa_portal import lab_folder

    lab_folder.fill_home(tmp_path)
    assert "lab_folder import fill_home" in code
    compile(code, "postStart", "exec")
    assert (tmp_path / Path(values["singleuser"]["defaultUrl"]).name).is_file()
    assert list(tmp_path.glob("bai-hoc/*/03-pdca.ipynb"))


def test_nothing_of_the_hub_is_open_to_others(local: Any, tmp_path: Path) -> None:
    assert (tmp_path / "data" / "hub").stat().st_mode & 0o077 == 0
    spoken = SimpleNamespace(**{role["name"]: role["scopes"] for role in load_roles()})
    assert not {
        scope for scope in spoken.user if scope == "self" or "servers" in scope or scope.startswith("admin")
    }

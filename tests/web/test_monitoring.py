"""The alert rules: each fires when it should, names figures that the site has, and says what to do."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from advocacy.web.request_metrics import REGISTRY

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"
SELECTOR = re.compile(r"\b(?P<name>(?:advocacy|process)_[a-z_]+|up)(?:\{(?P<matchers>[^}]*)\})?")
MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"[^"]*"')
GROUPED = re.compile(r"\b(?:by|without) \(([^)]*)\)")
OF_PROMETHEUS = {"up": {"job", "instance"}}
ONLY_WITH_REPORTS = {"advocacy_provider_last_report_timestamp_seconds": set[str]()}
"""A figure that a site has once its provider has reported, so that nobody takes no report for an old one."""


def rules() -> list[dict[str, Any]]:
    """Return the alert rules."""
    read = yaml.safe_load(RULES.read_text("utf-8"))
    found: list[dict[str, Any]] = [rule for group in read["groups"] for rule in group["rules"]]
    return found


def expressions() -> list[str]:
    """Return every expression of the rules."""
    return [rule["expr"] for rule in rules()]


@pytest.fixture(scope="module")
def figures(app: Flask) -> Mapping[str, set[str]]:
    """Return the names of all figures that the site has, each with its labels and those that Prometheus adds."""
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    found = {**OF_PROMETHEUS, **ONLY_WITH_REPORTS}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found[sample.name] = set(sample.labels)
    found |= dict(of_requests())
    return {name: labels | {"job", "instance"} for name, labels in found.items()}


def of_requests() -> Iterator[tuple[str, set[str]]]:
    """Return the figures of requests, which a site has where its web processes count together."""
    for family in REGISTRY.collect():
        if family.type == "counter":
            yield f"{family.name}_total", {"route", "status"}
        else:
            yield from ((f"{family.name}_{part}", {"route"}) for part in ("sum", "count"))
            yield f"{family.name}_bucket", {"route", "le"}


def test_every_figure_and_label_that_is_named_is_one_of_the_site(figures: Mapping[str, set[str]]) -> None:
    wrong = []
    for expression in expressions():
        selected = list(SELECTOR.finditer(expression))
        assert selected, expression
        labels: set[str] = set()
        for found in selected:
            known = figures.get(found["name"])
            if known is None:
                wrong.append((found["name"], expression))
                continue
            wrong += [(label, expression) for label in MATCHER.findall(found["matchers"] or "") if label not in known]
            labels |= known
        grouped = {label.strip() for names in GROUPED.findall(expression) for label in names.split(",")}
        wrong += [(label, expression) for label in grouped - labels]
    assert wrong == []


def promtool(*arguments: str, folder: Path) -> None:
    """Have Prometheus' own tool check something."""
    tool = shutil.which("promtool")
    if tool is None:
        pytest.skip("promtool is missing: apt-get install promtool, or prometheus on Debian 12 and Ubuntu")
    done = subprocess.run([str(tool), *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def series(name: str, values: str, **labels: str) -> dict[str, str]:
    """Return a figure's course, as promtool reads it, with the labels that Prometheus adds."""
    matchers = [f'{key}="{value}"' for key, value in {"job": "advocacy", "instance": "one", **labels}.items()]
    return {"series": f"{name}{{{','.join(matchers)}}}", "values": values}


HEALTHY = (
    series("up", "1x600"),
    series("advocacy_problem", "1x600", code="held-wait", level="note"),
    series("advocacy_problem", "1x3 _x597", code="worker-gone", level="fail"),
    series("advocacy_messages", "0+1x600", state="bounced"),
    series("advocacy_messages", "0+20x600", state="accepted"),
    series("advocacy_provider_last_report_timestamp_seconds", "0+60x600"),
    series("advocacy_pressure", "1x100 0x499"),
    series("advocacy_http_requests_total", "0+1x600", status="5xx", route="/"),
    series("advocacy_http_requests_total", "0+1000x600", status="2xx", route="/"),
    *(
        series("advocacy_http_request_duration_seconds_bucket", "0+1000x600", route="/", le=le)
        for le in ("0.1", "3.0", "10.0", "+Inf")
    ),
    series("advocacy_journal_entries_total", "100+1x600"),
    series("advocacy_build_info", "1x600", version="1"),
)
SICK: Mapping[str, tuple[list[dict[str, str]], Mapping[str, str], str]] = {
    "SiteDoesNotAnswer": (
        [series("up", "0x600")],
        {"job": "advocacy", "instance": "one"},
        "one does not answer /metrics",
    ),
    "NobodyAsksTheSite": (
        [{"series": 'up{job="other"}', "values": "1x600"}],
        {"job": "advocacy"},
        "Prometheus has no target with the job “advocacy”: no other alert can come",
    ),
    "SiteHasFailed": (
        [series("advocacy_problem", "1x600", code="messages-late", level="fail")],
        {"job": "advocacy", "instance": "one", "code": "messages-late", "level": "fail"},
        "one: messages-late; advocacy doctor says what to do",
    ),
    "SiteNeedsCare": (
        [series("advocacy_problem", "1x600", code="backup-missing", level="warn")],
        {"job": "advocacy", "instance": "one", "code": "backup-missing", "level": "warn"},
        "one: backup-missing; advocacy doctor says what to do",
    ),
    "MailComesBack": (
        [
            series("advocacy_messages", "0+2x600", state="bounced"),
            series("advocacy_messages", "0+10x600", state="accepted"),
        ],
        {},
        "120 mails came back within an hour, more than a tenth of all",
    ),
    "ProviderReportsNothing": (
        [
            series("advocacy_provider_last_report_timestamp_seconds", "-21600x600"),
            series("advocacy_messages", "0+10x600", state="accepted"),
        ],
        {},
        "The provider takes mail and has reported nothing for 11h 0m 0s",
    ),
    "PressureLasts": (
        [series("advocacy_pressure", "1x600")],
        {},
        "More forms than usual have come in for two hours: browsers have to prove a moment's work",
    ),
    "AnswersFail": (
        [
            series("advocacy_http_requests_total", "0+3x600", status="5xx", route="/"),
            series("advocacy_http_requests_total", "0+100x600", status="2xx", route="/"),
        ],
        {},
        "More than one answer in fifty is an error of the site",
    ),
    "AnswersAreSlow": (
        [
            series("advocacy_http_request_duration_seconds_bucket", "0+95x600", route="/", le="3.0"),
            series("advocacy_http_request_duration_seconds_bucket", "0+100x600", route="/", le="10.0"),
            series("advocacy_http_request_duration_seconds_bucket", "0+100x600", route="/", le="+Inf"),
        ],
        {},
        "One answer in a hundred takes longer than 8.6s",
    ),
    "AuditLogWasCut": (
        [series("advocacy_journal_entries_total", "100x295 99x300")],
        {},
        "The audit log has fewer entries than ten minutes ago",
    ),
    "VersionsDiffer": (
        [series("advocacy_build_info", "1x600", version="1"), series("advocacy_build_info", "1x600", version="2")],
        {},
        "Machines of one site run different versions",
    ),
}
"""For each alert the courses at which it fires after five hours, its labels, and what it says then."""


def test_every_alert_fires_when_it_should_and_none_on_a_healthy_site(tmp_path: Path) -> None:
    severity = {rule["alert"]: rule["labels"]["severity"] for rule in rules()}
    assert SICK.keys() == severity.keys()
    runbook = "docs/running.md#alerts"
    tests = [
        {
            "interval": "1m",
            "input_series": courses,
            "alert_rule_test": [
                {
                    "eval_time": "5h",
                    "alertname": name,
                    "exp_alerts": [
                        {
                            "exp_labels": {**labels, "severity": severity[name]},
                            "exp_annotations": {"summary": summary, "runbook": runbook},
                        }
                    ],
                }
            ],
        }
        for name, (courses, labels, summary) in SICK.items()
    ]
    none = [{"eval_time": "5h", "alertname": name, "exp_alerts": []} for name in SICK]
    tests.append({"interval": "1m", "input_series": list(HEALTHY), "alert_rule_test": none})
    (tmp_path / "tests.yml").write_text(
        json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "10m", "tests": tests})
    )
    promtool("check", "rules", str(RULES), folder=tmp_path)
    promtool("test", "rules", "tests.yml", folder=tmp_path)

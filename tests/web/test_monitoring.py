"""The alert rules and the dashboard: each fires when it should, names figures that the site has, and says what to do."""

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
DASHBOARD = ROOT / "deploy" / "grafana" / "dashboard.json"
RUNNING = (ROOT / "docs" / "running.md").read_text("utf-8")
RUNBOOK = RUNNING.partition("\n## Alerts\n")[2].partition("\n## ")[0]
SINCE = re.compile(r"(?:\d+(?:ms|[smhdwy]))+")
SELECTOR = re.compile(r"\b(?P<name>(?:advocacy|process)_[a-z_]+|up)(?:\{(?P<matchers>[^}]*)\})?")
MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"[^"]*"')
GROUPED = re.compile(r"\b(?:by|without) \(([^)]*)\)")
SHOWN = re.compile(r"\{\{\s*\$?(?:labels\.)?(\w+)[^}]*\}\}")
OF_PROMETHEUS = {"up": {"job", "instance"}}
ONLY_WITH_REPORTS = {"advocacy_provider_last_report_timestamp_seconds": set[str]()}
"""A figure that a site has once its provider has reported, so that nobody takes no report for an old one."""
ONLY_CONFIRMED = {"advocacy_bill_stage_days_left": {"campaign", "bill"}}
"""A figure of bills whose stage was confirmed, which none is that ships."""


def rules() -> list[dict[str, Any]]:
    """Return the alert rules."""
    read = yaml.safe_load(RULES.read_text("utf-8"))
    found: list[dict[str, Any]] = [rule for group in read["groups"] for rule in group["rules"]]
    return found


def panels() -> list[dict[str, Any]]:
    """Return the dashboard's panels that show something."""
    read = json.loads(DASHBOARD.read_text("utf-8"))
    found: list[dict[str, Any]] = [panel for panel in read["panels"] if panel["type"] != "row"]
    return found


def expressions() -> list[str]:
    """Return every expression of the rules and the dashboard."""
    return [rule["expr"] for rule in rules()] + [target["expr"] for panel in panels() for target in panel["targets"]]


@pytest.fixture(scope="module")
def figures(app: Flask) -> Mapping[str, set[str]]:
    """Return the names of all figures that the site has, each with its labels and those that Prometheus adds."""
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    found = {**OF_PROMETHEUS, **ONLY_WITH_REPORTS, **ONLY_CONFIRMED}
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


def test_an_alert_waits_for_a_time_that_prometheus_reads_and_says_what_is_wrong_and_where_help_is() -> None:
    for rule in rules():
        assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
        assert SINCE.fullmatch(rule.get("for", "0s")), rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["runbook"] == "docs/running.md#alerts"
        by = {label.strip() for names in GROUPED.findall(rule["expr"]) for label in names.split(",")}
        shown = set(SHOWN.findall(rule["annotations"]["summary"])) - {"value"}
        assert shown <= by | {"instance"}, rule["alert"]


def test_the_runbook_tells_of_every_alert_and_of_no_other() -> None:
    told = re.findall(r"^\| `(\w+)` \| .+ \| .+ \|$", RUNBOOK, re.MULTILINE)
    assert told == [rule["alert"] for rule in rules()]


def test_the_dashboard_has_panels_that_do_not_overlap_and_ask_the_chosen_source() -> None:
    read = json.loads(DASHBOARD.read_text("utf-8"))
    assert {variable["name"] for variable in read["templating"]["list"]} == {"source"}
    assert len({panel["id"] for panel in read["panels"]}) == len(read["panels"])
    places: set[tuple[int, int]] = set()
    for panel in read["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        area = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not area & places, panel["title"]
        places |= area
    for panel in panels():
        assert panel["datasource"] == {"type": "prometheus", "uid": "${source}"}
        assert panel["title"]
        assert panel["targets"]


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
    *(series("advocacy_outbox_paused", "0x600", by=by) for by in ("staff", "worker")),
    series("advocacy_provider_outage_age_seconds", "0x600"),
    *(series(f"advocacy_oldest_{name}_age_seconds", "30x600") for name in ("due", "claim", "needs_staff", "held")),
    series("advocacy_digests_late", "1x3 0x597"),
    series("advocacy_messages", "0+1x600", state="bounced"),
    series("advocacy_messages", "0+20x600", state="accepted"),
    series("advocacy_provider_last_report_timestamp_seconds", "0+60x600"),
    series("advocacy_caps_reached_today", "0x600", cap="site"),
    series("advocacy_caps_reached_today", "9x600", cap="network"),
    series("advocacy_confirmations_held", "0x600"),
    series("advocacy_pressure", "1x100 0x499"),
    series("advocacy_http_requests_total", "0+1x600", status="5xx", route="/"),
    series("advocacy_http_requests_total", "0+1000x600", status="2xx", route="/"),
    *(
        series("advocacy_http_request_duration_seconds_bucket", "0+1000x600", route="/", le=le)
        for le in ("0.1", "3.0", "10.0", "+Inf")
    ),
    series("advocacy_disk_free_bytes", "50000000000x600"),
    series("advocacy_disk_size_bytes", "100000000000x600"),
    series("advocacy_bill_stage_days_left", "20x600", campaign="clean-air", bill="C-999"),
    series("advocacy_directory_as_of_timestamp_seconds", "0x600", list="mps"),
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
    "SendingIsPaused": (
        [series("advocacy_outbox_paused", "1x600", by="worker")],
        {"by": "worker"},
        "Sending is paused by worker: nothing leaves",
    ),
    "ProviderTakesNoMail": (
        [series("advocacy_provider_outage_age_seconds", "0+60x600")],
        {},
        "The provider has taken no mail for 5h 0m 0s",
    ),
    "LettersAreLate": (
        [series("advocacy_oldest_due_age_seconds", "0+60x600")],
        {},
        "A message has been due for 5h 0m 0s",
    ),
    "WorkerIsGone": (
        [series("advocacy_oldest_claim_age_seconds", "0+60x600")],
        {},
        "A worker has had a message in hand for 5h 0m 0s",
    ),
    "LettersNeedADecision": (
        [series("advocacy_oldest_needs_staff_age_seconds", "0+60x600")],
        {},
        "A message has waited for a decision for 5h 0m 0s",
    ),
    "HeldLettersWait": (
        [series("advocacy_oldest_held_age_seconds", "43260+60x600")],
        {},
        "A letter has waited to be read for 17h 1m 0s",
    ),
    "DigestsAreLate": (
        [series("advocacy_digests_late", "2x600")],
        {},
        "The daily mails of 2 offices have not been made",
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
    "SiteIsAtItsLimit": (
        [series("advocacy_caps_reached_today", "1x600", cap="site")],
        {},
        "The site has taken as many forms as it may in 24 hours; networks that sent before are refused",
    ),
    "ConfirmationsAreHeld": (
        [series("advocacy_confirmations_held", "1x600")],
        {},
        "New confirmation mails have been held for a quarter of an hour, since many come back",
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
    "DiskIsAlmostFull": (
        [
            series("advocacy_disk_free_bytes", "4000000000x600"),
            series("advocacy_disk_size_bytes", "100000000000x600"),
        ],
        {"job": "advocacy", "instance": "one"},
        "The disk of one is almost full",
    ),
    "BillStageLapses": (
        [series("advocacy_bill_stage_days_left", "6x600", campaign="clean-air", bill="C-999")],
        {"campaign": "clean-air", "bill": "C-999"},
        "Letters of clean-air name the stage of C-999 for 6 more days",
    ),
    "DirectoryIsOld": (
        [series("advocacy_directory_as_of_timestamp_seconds", f"{-100 * 86400}x600", list="mps")],
        {"list": "mps"},
        "The list mps is 100d 5h 0m 0s old",
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

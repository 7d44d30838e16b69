"""
Two people of the shelter agree that the other side is told the verdict; on the partner's premises.

A protected record needs two: one decides at the agent, the other is logged in at the hub as a person.
"""

import json
import secrets

import httpx2

from api.agent.client import HubClient
from api.agent.demo.hub import DemoHub
from api.agent.demo.world import Partner
from api.agent.session import Session
from api.wire.disclosures import DisclosureDecision, NewDisclosureRequest

_ASKED = NewDisclosureRequest(rung="D4", reason="continuity_of_care")
_GRANTED = DisclosureDecision(decision="grant")


def add_person(hub: DemoHub, partner: Partner) -> str:
    """Let a safeguarding lead of a partner log in, and return the session's token; the hub must be serving."""
    login, password = f"lead {partner.key}", secrets.token_urlsafe(16)
    wanted = ["user", "add", login, "--organisation", partner.title, "--role", "safeguarding_lead", "--json"]
    once = json.loads(hub.run(wanted)[0])["password"]
    with httpx2.Client(base_url=hub.url, trust_env=False) as client:
        changed = {"login": login, "password": once, "new_password": password}
        client.post("/v1/passwords", json=changed).raise_for_status()
        opened = client.post("/v1/sessions", json={"login": login, "password": password})
    return str(opened.raise_for_status().json()["session_token"])


def agree_on_verdict(hub: DemoHub, asking: Session, case_ref: str, holding: Session, token: str) -> None:
    """
    Let one side ask for D4 of the matches of a case, and two people of the other grant it.

    Args:
        hub: serves.
        asking: the agent that asks.
        case_ref: its case.
        holding: the agent of the other side.
        token: of the other side's second person.
    """
    match_ids = [match.match_id for match in asking.vault.meetings.matches() if match.case_ref == case_ref]
    with asking.client() as client:
        requests = [client.ask_for_disclosure(match_id, _ASKED) for match_id in match_ids]
    with holding.client() as first, HubClient(hub.url, token) as second:
        for request in requests:
            first.decide_request(request.request_id, _GRANTED)
            second.decide_request(request.request_id, _GRANTED)

"""Systems are let in by two persons, for a region, purposes and deeds, until a day; and shut out by one at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from songhe.doors.api import gate
from songhe.doors.api.clients import approve_client, client_named, clients_of, end_client
from songhe.doors.api.models import ApiClient
from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from tests.api.systems import Calls, administrator, proposed


def test_who_proposed_a_system_cannot_let_it_in(everywhere: Actor) -> None:
    client = proposed()
    with pytest.raises(Refused):
        approve_client(actor=administrator("严素琴"), client=client.pk, now=timezone.now())
    assert ApiClient.objects.get().digest is None


def test_the_token_is_kept_nowhere_and_opens_the_door(everywhere: Actor) -> None:
    calls = Calls()
    row = ApiClient.objects.values().get()
    assert calls.token not in str(row)
    assert calls.get("regions").status_code == 200
    assert ApiClient.objects.get().last_used_at is not None


@pytest.mark.parametrize("token", ["", "songhe_" + "x" * 43, "不是", "songhe_é"])
def test_another_token_does_not(everywhere: Actor, token: str) -> None:
    calls = Calls()
    calls.token = token.encode().decode("latin-1") if not token.isascii() else token
    answer = calls.get("regions")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_system_that_is_shut_out_is_refused_at_its_next_call(everywhere: Actor) -> None:
    calls = Calls()
    end_client(actor=administrator("严素琴"), client=calls.client.pk, now=timezone.now())
    assert calls.get("regions").status_code == 401
    with pytest.raises(Conflict):
        end_client(actor=administrator("严素琴"), client=calls.client.pk, now=timezone.now())


def test_a_system_whose_time_is_over_is_refused(everywhere: Actor) -> None:
    calls = Calls()
    ApiClient.objects.update(until_date=timezone.localdate())
    assert calls.get("regions").status_code == 401


def test_a_system_gets_no_more_than_systems_may(everywhere: Actor) -> None:
    for wrong in ({"actions": ["access.grant"]}, {"purposes": ["curiosity"]}, {"source": "gossip"}, {"name": " "}):
        with pytest.raises(BadInput):
            proposed(**wrong)
    with pytest.raises(BadInput):
        proposed(until_date=timezone.localdate() + timedelta(days=400))
    with pytest.raises(NotFound):
        proposed("150600")


def test_administrators_see_the_systems_of_their_region(everywhere: Actor) -> None:
    client = proposed("420704")
    assert list(clients_of(administrator("周敏"))) == [client]
    with pytest.raises(NotFound):
        client_named(administrator("何俊", "420703"), client.pk)
    with pytest.raises(NotFound):
        end_client(actor=administrator("何俊", "420703"), client=client.pk, now=timezone.now())


def test_every_call_says_what_for(everywhere: Actor) -> None:
    calls = Calls(purposes=["statistics"])
    for purpose, status in (("statistics", 200), ("benefits", 403), ("", 400), ("curiosity", 400)):
        calls.purpose = purpose
        assert calls.get("regions").status_code == status


def test_a_system_that_calls_too_often_waits(everywhere: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "CALLS_A_MINUTE", 2)
    calls = Calls()
    answers = [calls.get("regions") for _ in range(4)]
    assert {answer.status_code for answer in answers[:2]} == {200}
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"] == "60"

"""`casematch-hub deliver`: send the webhooks that wait."""

from contextlib import suppress
from typing import Annotated

import typer

from api.hub import operating
from api.hub.commands.options import HERE, AsJson, DatabaseUrl, DataDir, command, print_result, settings_of
from api.hub.logs import configure_logs
from api.hub.safety import require_safe
from api.hub.webhooks import delivery


@command
def deliver(
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
    *,
    once: Annotated[bool, typer.Option(help="Deliver what is due now, and end; for a timer.")] = False,
    as_json: AsJson = False,
) -> None:
    """
    Deliver signed webhooks to organisations that want them, until it is stopped.

    Only to hosts in CASEMATCH_HUB_WEBHOOK_HOSTS, a list with commas between; without it nothing is
    delivered. Partners behind a firewall poll instead. A delivery holds a type and an id, and is tried
    for three days.
    """
    settings = settings_of(data_dir, database)
    configure_logs(is_insecure=settings.insecure_development)
    require_safe(settings)
    with operating.opened(settings) as hub:
        if not once:
            with suppress(KeyboardInterrupt):
                delivery.deliver_for_ever(hub)
            return
        with delivery.open_client() as client:
            done = delivery.deliver_due(hub, client)
    found = {"delivered": done.delivered, "to_repeat": done.to_repeat, "given_up": done.given_up}
    print_result(
        as_json,
        found,
        f"Delivered {done.delivered}; to be tried again {done.to_repeat}; given up {done.given_up}.",
    )

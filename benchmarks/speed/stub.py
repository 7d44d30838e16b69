"""
A stub of the hub: it reads the same requests and gives answers of the same shape, and does nothing in between.

What it costs is what the web framework and the sockets cost; the rest of a hub's time is the hub's own.
"""

import sys
import uuid
from typing import Annotated

from fastapi import Body, FastAPI

from api.hub import serving
from api.wire.batches import Receipt
from api.wire.meetings import MeetingPage

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@app.post("/v1/projects/{project_id}/entry-batches", status_code=202)
def file_entries(project_id: str, body: Annotated[bytes, Body()]) -> Receipt:  # noqa: ARG001 - of the same shape
    """Take a batch unread."""
    return Receipt(receipt_id=str(uuid.uuid4()))


@app.get("/v1/meetings")
def list_meetings(cursor: str = "") -> MeetingPage:
    """Tell of no meeting."""
    return MeetingPage(meetings=[], next_cursor=cursor, has_more=False)


def serve(workers: int) -> None:
    """Serve on the port that the command line ends with."""
    where = "benchmarks.speed.stub:app"
    serving.serve(where, port=int(sys.argv[-1]), workers=workers, access_log=False, log_level="warning")

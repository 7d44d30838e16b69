"""
Serving over HTTP, by uvicorn, in one process or several; hub.

An answer goes out in two pieces, head and body. Unless a socket is told otherwise, the second waits until the asker's
machine has acknowledged the first, which takes it 40 ms. asyncio tells sockets that it opens; of the one that uvicorn
shares among several workers it does not see that it is TCP's.
"""

import socket
import sys
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

STARTUP_FAILURE = 3  # uvicorn's own status


class PromptConfig(uvicorn.Config):
    """uvicorn's settings, with a shared socket whose connections do not wait for acknowledgements."""

    def bind_socket(self) -> socket.socket:
        """Return the socket that workers share; connections take the setting over from it."""
        shared = super().bind_socket()
        shared.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return shared


def serve(app: str, **settings: Any) -> None:
    """
    Serve until somebody ends it.

    Args:
        app: import path of an application, or of what makes one.
        settings: uvicorn's, by name.
    """
    config = PromptConfig(app, **settings)
    server = uvicorn.Server(config)
    try:
        if config.workers > 1:
            Multiprocess(config, sockets=[config.bind_socket()]).run()
            return
        server.run()
    except KeyboardInterrupt:
        return
    if not server.started:
        sys.exit(STARTUP_FAILURE)

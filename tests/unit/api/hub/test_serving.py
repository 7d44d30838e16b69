"""How the hub is served: connections of several workers answer promptly."""

import socket

from api.hub.serving import PromptConfig


def test_connections_to_the_shared_socket_do_not_wait_for_acknowledgements() -> None:
    """What a worker accepts has the setting, though it never touches it."""
    shared = PromptConfig("api.hub.app:from_environment", host="127.0.0.1", port=0, workers=2).bind_socket()
    with shared, socket.socket() as asker:
        shared.listen()
        asker.connect(shared.getsockname())
        accepted, _ = shared.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

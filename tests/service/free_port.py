"""A port of this machine that nobody listens on."""

import socket


def free_port() -> int:
    """Its number; somebody else might take it before it is used."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port

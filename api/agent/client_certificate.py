"""
The certificate that the agent shows a hub whose proxy asks for one (mutual TLS); on the partner's premises.

It is named by the environment, as it is a matter of the machine and not of a case: `CASEMATCH_CLIENT_CERTIFICATE` is a
PEM file of the private key and the certificate. It comes beside the API key, never in its place.
"""

import os
import ssl

from api.agent.errors import SettingsError

VARIABLE = "CASEMATCH_CLIENT_CERTIFICATE"


def tls_context() -> ssl.SSLContext | bool:
    """
    Return how the hub's certificate is checked, with our own certificate when the environment names one.

    Raises:
        SettingsError: the file is not there, or holds no key with its certificate, or the key needs a passphrase.
    """
    name = os.environ.get(VARIABLE, "")
    if not name:
        return True
    context = ssl.create_default_context()
    is_loaded = False
    try:
        context.load_cert_chain(name, password="")  # never ask at a terminal
        is_loaded = True
    except (OSError, ValueError):  # ssl's own errors are OSErrors
        is_loaded = False
    if not is_loaded:
        advice = "a PEM file of private key and certificate, without passphrase"
        raise SettingsError("cannot be used", code="client_certificate", where=VARIABLE, advice=advice)
    return context

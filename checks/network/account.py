"""The account of a mail server, filled in for one attempt: its password, or an access token."""

from dataclasses import replace

from checks.network.mail_server import ProbedMailServer
from checks.network.sasl import Credentials
from checks.probing import Context


def fill_account(server: ProbedMailServer, port: int, context: Context) -> tuple[Credentials | None, Context]:
    """Fill in the account of a server, if it has one, and return it with a context that treats the token as a secret too.

    Raises:
        Trouble: a secret is missing or not meant for the server, or no token can be fetched.

    """
    if not server.username:
        return None, context
    fill = context.secrets.fill
    token = fill(server.token, server.host)
    if server.refresh is not None:
        from checks.network.access_token import fetch_token

        token = fetch_token(server.refresh, context)
        context = replace(context, secrets=context.secrets.learn(token))
    username, password = fill(server.username, server.host), fill(server.password, server.host)
    return Credentials(username, password, token, server.host, port), context

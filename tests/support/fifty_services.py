"""A `status.yml` of fifty services in eight groups, and the outages of some of them."""

from constat.model import Outcome
from demo.story import Scene

GROUPS: dict[str, tuple[str, ...]] = {
    "Web": ("Site web", "FAQ", "Documentation", "Espace client", "Boutique", "Téléchargements"),
    "Applications": ("Campagnes", "Contacts", "Modèles", "Rapports", "Facturation", "Administration"),
    "API": ("API e-mail", "API SMS", "API contacts", "API rapports", "Webhooks", "OAuth"),
    "Relais SMTP, Europe": ("Zurich", "Genève", "Paris", "Francfort", "Milan", "Madrid", "Londres"),
    "Relais SMTP, Amérique": ("New York", "Chicago", "Dallas", "Montréal", "Miami", "Seattle"),
    "SMS, Europe": ("Suisse", "France", "Allemagne", "Italie", "Espagne", "Autriche", "Royaume-Uni"),
    "SMS, Amérique": ("États-Unis", "Canada", "Mexique", "Brésil", "Argentine", "Chili"),
    "Réception": ("MX 1", "MX 2", "Rebonds", "Plaintes", "Désabonnements", "Réponses"),
}

INTERVAL = "15m"
"""The interval that gives as many rows as the demo has."""

HAPPENED = (
    Scene(0, "10:12", 60, "s21", Outcome.DOWN, "refused"),
    Scene(0, "09:45", 90, "s33", Outcome.DEGRADED, "slow 2.4 s"),
    Scene(6, "15:30", 120, "s08", Outcome.DOWN, "status 503"),
    Scene(17, "14:00", 150, "s22", Outcome.DEGRADED, "slow 2.4 s"),
    Scene(31, "00:00", 1440, "", None),
    Scene(40, "08:00", 400, "s41", Outcome.DOWN, "timeout after 2 s"),
    Scene(58, "21:00", 95, "", None),
)

_SERVICE = """\
  - id: s{number:02}
    name: {name}
    group: "{group}"
    interval: {interval}
    checks: [{{name: port, kind: tcp, host: s{number:02}.maxony.example, port: 443}}]
"""


def build_status_yml(demo: str) -> str:
    """Build the demo's `status.yml` with these services instead of its own."""
    head, _, rest = demo.partition("\nservices:\n")
    support = rest.partition("\nsupport:\n")[2]
    named = [(group, name) for group, names in GROUPS.items() for name in names]
    services = "".join(
        _SERVICE.format(number=number, name=name, group=group, interval=INTERVAL)
        for number, (group, name) in enumerate(named)
    )
    return f"{head}\nservices:\n{services}\nsupport:\n{support}"

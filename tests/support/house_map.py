"""The map of the house: which folder may use which, and the layers inside each. Tests keep the imports to it; docs/architecture.md draws it."""

MAY_USE = {
    "verbs": {"verbs", "tasks", "checks", "outside", "constat", "demo"},
    "tasks": {"tasks", "checks", "outside", "constat", "demo"},
    "checks": {"checks", "constat"},
    "outside": {"outside", "constat"},
    "demo": {"demo", "constat"},
    "constat": {"constat"},
}
"""A folder and the folders of ours that it may import from."""

LAYERS: dict[str, tuple[frozenset[str], ...]] = {
    "constat": (
        frozenset({"errors", "sandbox", "spreading", "version"}),
        frozenset({"interval", "text"}),
        frozenset({"model", "templating"}),
        frozenset({"opening"}),
        frozenset({"history", "imported", "register", "notices", "availability", "support", "upstream"}),
        frozenset({"config", "snapshot", "statement", "sealing", "maintainers"}),
        frozenset({"page", "i18n", "moving"}),
        frozenset({"posts"}),
        frozenset({"render", "feeds", "api", "calendar", "metrics", "notifications"}),
        frozenset({"embed"}),
    ),
    "outside": (
        frozenset({"bounds", "github", "opening", "pdf", "web"}),
        frozenset({"buckets", "disk", "globalping", "rsync_program", "timestamps"}),
        frozenset({"branch", "evidence", "hosts", "project"}),
        frozenset({"routes", "site", "moving", "sources"}),
        frozenset({"stores", "archives"}),
    ),
    "checks": (
        frozenset({"option_types", "reason_words"}),
        frozenset({"reasons", "redaction", "world"}),
        frozenset({"secrets"}),
        frozenset({"probing"}),
        frozenset({"contract", "network"}),
        frozenset({"records", "canary"}),
        frozenset({"kinds", "registry", "confirming"}),
        frozenset({"elsewhere", "own_kinds"}),
        frozenset({"runner"}),
        frozenset({"scope"}),
    ),
}
"""The modules and rooms inside a folder, lowest layer first. Each uses lower layers and itself; a new one gets its layer here."""

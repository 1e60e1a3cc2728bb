"""Options that several kinds have: their types, with the words that describe them."""

from typing import Annotated, Literal

from constat.config.fields import Host, Slowness, Text, about

Authorities = Annotated[Text, about("a file in the project: authorities to trust instead of the system's")]
ServerName = Annotated[Host | None, about("the name in the certificate, if it is not the host")]
Family = Annotated[Literal["4", "6"] | None, about("only IPv4, or only IPv6")]
DegradedAbove = Annotated[
    Slowness | None, about("degraded if it takes longer than this; a table has one for each vantage")
]

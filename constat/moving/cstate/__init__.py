"""Reading a site of cState, a theme for Hugo: its configuration and its issues, as texts."""

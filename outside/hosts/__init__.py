"""Hosts of repositories, as far as a proposal to change one is concerned: pull requests at GitHub, merge requests at GitLab."""

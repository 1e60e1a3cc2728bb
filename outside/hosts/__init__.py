"""Hosts of repositories, and the changes proposed there: pull requests at GitHub, merge requests at GitLab."""

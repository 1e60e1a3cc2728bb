"""The smallest project there can be: one check of a closed port of this machine."""

STATUS = """
page: {id: own, name: Own, url: "https://status.example.org/", languages: [en], timezone: Europe/Zurich}
monitor: {vantage: here, confirm: {attempts: 1, delay: 0s}}
sla: {target: 99}
services:
  - id: nobody
    name: Nobody listens
    interval: 5m
    checks:
      - {name: port, kind: tcp, host: 127.0.0.1, port: 9, timeout: 1s}
"""
"""Its `status.yml`."""

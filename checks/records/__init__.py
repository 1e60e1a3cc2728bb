"""The content of answers, parsed and evaluated: mail records in the DNS (SPF, DKIM keys, DMARC), values in JSON."""

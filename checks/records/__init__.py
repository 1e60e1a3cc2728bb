"""Records about mail in the DNS, parsed and evaluated: SPF, DKIM keys, DMARC."""

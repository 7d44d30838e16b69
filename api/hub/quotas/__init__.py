"""How much may be filed: quotas in people, pooled over an organisation, and bulk filings."""

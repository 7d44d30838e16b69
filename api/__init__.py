"""The services around the library: agent, hub and what crosses between them."""

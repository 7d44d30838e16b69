"""The partner's encrypted store: which random references and entry ids stand for which case."""

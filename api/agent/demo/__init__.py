"""The demonstration: invented people, three partners and a hub, and the story of what each learnt."""

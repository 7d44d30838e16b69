"""The linkage secret is changed: the old epoch is refused with advice, and cases move to the new one."""

from api.agent.demo.search import count_rows

HEADER = "case_ref,given_name,family_name,father_name,birth_date,district,local_unit,phone"
ROW = "V-1,Sabitri,Mijar,Karna Bahadur Mijar,1997-09-09,Sindhupalchok,Melamchi,9841770215"
LATER = "V-2,Kripa,Sherpa,Pasang Sherpa,1990-03-12,Dolakha,Bigu,9800011122"


def test_cases_move_to_a_new_epoch(town, write) -> None:
    """Entries of a retired epoch are refused; after `renew` and another import only new ones are at the hub."""
    agent = town.agent("valley")
    agent("import", write("list.csv", [HEADER, ROW]))
    agent("push")
    before = count_rows(town.hub.folder)["entry"]
    town.hub.run(["epoch", "advance"])
    town.hub.run(["epoch", "retire", "1"])
    agent("import", write("list.csv", [HEADER, ROW, LATER]))
    refused = agent.attempt("push")
    assert refused.exit_code == 1
    assert "casematch agent renew" in refused.err
    assert count_rows(town.hub.folder)["entry"] == before
    assert town.secret("new.secret").exists()
    agent("renew", "--secret", town.folder / "new.secret")
    assert "0 new, 2 changed, 0 unchanged" in agent("import", write("list.csv", [HEADER, ROW, LATER])).out
    agent("push")
    held = count_rows(town.hub.folder)["entry"]
    assert f"at the hub  {held:,} entries" in agent("status").out
    assert "key epoch 2" in agent("status").out
    assert "to erase    0 entries" in agent("status").out

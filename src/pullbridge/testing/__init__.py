"""A stand-in for the hosts on this machine: real git repositories, the hosts' own wire protocols, no account, no network.

    with Forge() as forge:
        forge.github.repository("octo/app", files={"a.txt": "one\n"})
        repo = pullbridge.connect(f"{forge.github.url}/octo/app", credentials=…, settings=forge.github.settings)

It is a stand-in: what it answers is checked against the hosts' published specifications, and where those are silent it
rests on facts that the code names. It is no proof of what a host does. It needs `pullbridge[testing]` and git 2.38.
"""

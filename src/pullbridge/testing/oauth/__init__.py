"""How a forge's hosts sign people in: one engine on Authlib's server parts, and each host's manners.

    provider.Provider   what `forge.github.oauth` is: applications, people who consent, a log, knobs
    person.Person       somebody with a browser, without a screen
    manners.Manners     what differs between hosts; `testing.<host>.oauth` has each host's own
    knobs.Knobs         what a test may turn
    engine, grants      Authlib's authorization server and grants over the records
    records, ledger     applications, codes, devices, tokens; and where they are kept

Only `engine`, `grants`, `provider` and `records` know Authlib, and they are loaded when somebody signs in.
"""

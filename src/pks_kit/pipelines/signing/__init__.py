"""What signing verbs share: settings to tools, one step, the purchase of a meterai.

Read ``tools.py`` (settings become keys, gateways, distributors), ``one_step.py`` (one place is
signed or stamped), ``purchase.py`` (why a paid stamp is never bought twice).
"""

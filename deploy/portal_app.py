"""The portal as systemd starts it: the application of the settings of this machine."""

from __future__ import annotations

import os

from pks_kit.web import Portal, create_app

app = create_app(Portal.from_settings(os.environ.get("PKS_KIT_SETTINGS", "/etc/pks-kit/pks.yml")))

"""What can be done to accounts and rights. One function is one deed: checked, written, recorded."""

from songhe.foundation.access.operations.accounts import (
    change_own_password,
    close_account,
    open_account,
    reopen_account,
    reset_password,
)
from songhe.foundation.access.operations.following import grants_follow, standing_in
from songhe.foundation.access.operations.grants import (
    approve_grant,
    end_grant,
    propose_grant,
    refuse_grant,
    work_in,
)
from songhe.foundation.access.operations.resets import approve_reset, ask_reset, refuse_reset
from songhe.foundation.access.operations.second_factor import (
    confirm_device,
    new_device,
    remove_devices,
)
from songhe.foundation.access.operations.signing import not_signed_in, signed_in, signed_out

__all__ = [
    "approve_grant",
    "approve_reset",
    "ask_reset",
    "change_own_password",
    "close_account",
    "confirm_device",
    "end_grant",
    "grants_follow",
    "new_device",
    "not_signed_in",
    "open_account",
    "propose_grant",
    "refuse_grant",
    "refuse_reset",
    "remove_devices",
    "reopen_account",
    "reset_password",
    "signed_in",
    "signed_out",
    "standing_in",
    "work_in",
]

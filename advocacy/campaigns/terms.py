"""What staff call the roles and offices of recipients, and the stages of a bill."""

from collections.abc import Mapping

from advocacy.messages import Message, message

ROLES: Mapping[str, Message] = {
    "own_member": message("own member"),
    "other_member": message("another member"),
    "vacant_seat": message("vacant seat"),
    "senator": message("senator"),
    "responsible_minister": message("minister responsible"),
    "minister": message("another minister"),
    "prime_minister": message("prime minister"),
    "other": message("anyone else"),
}
STAGES: Mapping[str, Message] = {
    "introduced": message("introduced"),
    "committee": message("in committee"),
    "third-reading": message("third reading"),
    "other-house": message("in the other chamber"),
    "passed": message("passed"),
    "died": message("died"),
    "unknown": message("not known"),
}
OFFICES: Mapping[str, Message] = {
    "member": message("member of the House"),
    "speaker_commons": message("Speaker of the House"),
    "senator": message("senator"),
    "speaker_senate": message("Speaker of the Senate"),
    "minister": message("minister"),
    "prime_minister": message("prime minister"),
    "premier": message("premier of a province"),
    "provincial_minister": message("provincial minister"),
    "provincial_member": message("member of a legislature"),
    "mayor": message("mayor"),
    "official": message("person of your own list"),
}
GROUPS: Mapping[frozenset[str], Message] = {
    frozenset({"senator", "speaker_senate"}): message("Senate"),
    frozenset({"minister", "prime_minister"}): message("government"),
    frozenset({"member", "speaker_commons"}): message("House of Commons"),
}
"""Offices that conditions commonly name together."""

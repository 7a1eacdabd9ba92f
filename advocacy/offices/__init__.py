"""What a legislator's office sets for itself, once it has proved that its mailbox is the directory's."""
